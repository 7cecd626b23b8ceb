package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
)

// ErrWrongKey says that the database holds values that none of the keys at hand opens.
var ErrWrongKey = errors.New("the encryption key is not this database's")

// Names of settings. Each key that something may be sealed with has a check: a value sealed
// with it, there until Rotate has re-sealed everything. It stands before the key's first use.
const (
	keyCheck   = "key check "
	signingKey = "signing key"
)

const checked = "this key opens this database"

func aboutSetting(name string) []byte { return aboutColumn(nil, "settings", "value", name) }

// SigningKey is the secret of this installation with which tokens are signed that it gives
// out. It is the same after a rotation. There is none before Migrate.
func (s *Store) SigningKey() []byte { return s.signing }

// unlock makes sure that the keys at hand open whatever the database holds, and reads or
// makes the signing key. Processes that start at once agree.
func (s *Store) unlock(ctx context.Context) error {
	return s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		var rows []struct{ Name, Value string }
		if err := tx.NewRaw("SELECT name, value FROM settings").Scan(ctx, &rows); err != nil {
			return err
		}
		settings := make(map[string]string, len(rows))
		anyCheck := false
		for _, r := range rows {
			settings[r.Name] = r.Value
			if !strings.HasPrefix(r.Name, keyCheck) {
				continue
			}
			anyCheck = true
			if _, err := s.sealer.openText([]byte(r.Value), aboutSetting(r.Name)); err != nil {
				return fmt.Errorf("%w (the key at hand is %s): set encryption_key to the right one, or name it in old_encryption_keys: %w",
					ErrWrongKey, s.sealer.KeyID(), err)
			}
		}
		var first []byte
		if !anyCheck {
			var err error
			if first, err = tx.keyOfBefore(ctx); err != nil {
				return err
			}
		}
		own := keyCheck + s.sealer.KeyID()
		if _, ok := settings[own]; !ok {
			if err := tx.addSetting(ctx, own, []byte(checked)); err != nil {
				return err
			}
		}
		if sealed, ok := settings[signingKey]; ok {
			key, err := s.sealer.openText([]byte(sealed), aboutSetting(signingKey))
			s.signing = key
			return err
		}
		if first == nil {
			first = make([]byte, 32)
			rand.Read(first)
		}
		s.signing = first
		return tx.addSetting(ctx, signingKey, first)
	})
}

func (tx *Tx) addSetting(ctx context.Context, name string, value []byte) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO settings (name, value) VALUES (?, ?)", name, string(tx.store.sealer.sealText(value, aboutSetting(name))))
	return err
}

// keyOfBefore gives the key with which an installation of before the checks has sealed and
// signed; nil for one that has given out nothing yet.
func (tx *Tx) keyOfBefore(ctx context.Context) ([]byte, error) {
	var rows []struct {
		RootID      string
		Credentials []byte
	}
	err := tx.NewRaw("SELECT root_id, credentials FROM stacks WHERE credentials IS NOT NULL ORDER BY created_at DESC LIMIT 1").Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	k, _ := tx.store.sealer.openUnnamed(rows[0].Credentials, []byte(rows[0].RootID))
	if k == nil {
		return nil, fmt.Errorf("%w (the key at hand is %s): it does not open the credentials of a stack", ErrWrongKey, tx.store.sealer.KeyID())
	}
	return k.key, nil
}
