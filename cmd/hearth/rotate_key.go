package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"hearth/core/store"
	muranostore "hearth/murano/store"
)

type rotateKeyCmd struct {
	flags
	New  bool `help:"Make a fresh key in place of the one that is kept in the data directory. Stop the server before."`
	JSON bool `name:"json" help:"Print JSON lines."`

	out io.Writer // of tests
}

// Help says what the command does and what is to be done before and after it.
func (r *rotateKeyCmd) Help() string {
	return `Seals under encryption_key whatever the database has under one of old_encryption_keys, or not sealed at
all. It can be broken off at any time and run again.

With keys in the configuration: put the new key into encryption_key and the one before into
old_encryption_keys; start every process anew; run rotate-key once, while they serve; then the old key may
go. To start processes anew one after the other, name the new key in old_encryption_keys first, everywhere:
all must be able to read it before one of them writes with it.

With the embedded database and no key in the configuration: stop the server and run rotate-key --new. It
makes a key, keeps the one before in secrets.json until everything is sealed anew, and then drops it.

Ends with 1 when there are values that none of the keys opens; the old keys must stay then.`
}

// Run seals everything anew and prints how many values that were.
func (r *rotateKeyCmd) Run(ctx context.Context) error {
	if r.out == nil {
		r.out = os.Stdout
	}
	c, err := r.load()
	if err != nil {
		return err
	}
	log, err := newLog(c)
	if err != nil {
		return err
	}
	if r.New {
		if err := freshKey(ctx, c); err != nil {
			return err
		}
	}
	s, err := loadSecrets(c)
	if err != nil {
		return err
	}
	a := &App{Config: c, log: log}
	defer a.Stop()
	if err := a.openStore(ctx, s); err != nil {
		return err
	}
	done, err := a.store.Rotate(ctx, slices.Concat(store.SealedTables(), muranostore.SealedTables()), func(table string, values int) {
		r.print(map[string]any{"table": table, "values": values}, fmt.Sprintf("%s: %d values", table, values))
	})
	if err != nil {
		return err
	}
	key := a.store.Sealer().KeyID()
	if len(done.Unopened) > 0 {
		r.print(map[string]any{"key": key, "values": done.Values, "unopened": done.Unopened},
			fmt.Sprintf("%d values are sealed anew with the key %s. None of the keys opens these; keep the old keys:\n%q", done.Values, key, done.Unopened))
		return exitCode(1)
	}
	if r.New {
		if err := dropOldKeys(c); err != nil {
			return err
		}
	}
	r.print(map[string]any{"key": key, "values": done.Values},
		fmt.Sprintf("%d values are sealed anew with the key %s. Nothing needs the old keys any more.", done.Values, key))
	return nil
}

func (r *rotateKeyCmd) print(fields map[string]any, text string) {
	if r.JSON {
		b, err := json.Marshal(fields)
		if err != nil {
			b = []byte(err.Error())
		}
		text = string(b)
	}
	_, _ = fmt.Fprintln(r.out, text)
}

// freshKey puts a new key before the one that the data directory keeps. Where a rotation
// was broken off, its key is the new one already.
func freshKey(ctx context.Context, c *Config) error {
	if c.EncryptionKey != "" || c.Database != "" {
		return fmt.Errorf("--new is for the embedded database with the key that is kept beside it: otherwise put a new key into " +
			"encryption_key, the one before into old_encryption_keys, start every process anew and run rotate-key")
	}
	used, err := store.InUse(ctx, c.dsn())
	if err != nil {
		return err
	}
	if used {
		return fmt.Errorf("a process has %s open, which would go on with the old key: stop it first", c.dsn())
	}
	s, err := keptSecrets(c)
	if err != nil {
		return err
	}
	if len(s.OldEncryptionKeys) > 0 {
		return nil
	}
	s.OldEncryptionKeys, s.EncryptionKey = []string{s.EncryptionKey}, randomHex(32)
	return s.keep(c)
}

// dropOldKeys forgets the keys of before that the data directory keeps.
func dropOldKeys(c *Config) error {
	s, err := keptSecrets(c)
	if err != nil {
		return err
	}
	s.OldEncryptionKeys = nil
	return s.keep(c)
}
