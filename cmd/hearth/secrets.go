package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hearth/core/store"
)

// secrets are made at the first start and kept in the data directory, readable by its
// owner alone.
type secrets struct {
	EncryptionKey     string   `json:"encryption_key"`
	OldEncryptionKeys []string `json:"old_encryption_keys,omitempty"` // while a rotation is under way
	AdminPassword     string   `json:"admin_password"`
	ServicePassword   string   `json:"service_password"`
}

func secretsPath(c *Config) string { return filepath.Join(c.Data, "secrets.json") }

// loadSecrets gives the secrets: those of the configuration, else those that are kept.
func loadSecrets(c *Config) (*secrets, error) {
	s, err := keptSecrets(c)
	if err != nil {
		return nil, err
	}
	if c.EncryptionKey != "" {
		s.EncryptionKey = c.EncryptionKey
	}
	s.OldEncryptionKeys = append(s.OldEncryptionKeys, c.OldEncryptionKeys...)
	if c.Cloud.ServicePassword != "" {
		s.ServicePassword = c.Cloud.ServicePassword
	}
	return s, nil
}

// keptSecrets reads the data directory's secrets or makes them. Two processes that start at
// once on one directory agree: whoever creates the file first wins.
func keptSecrets(c *Config) (*secrets, error) {
	path := secretsPath(c)
	s := &secrets{EncryptionKey: randomHex(32), AdminPassword: randomHex(12), ServicePassword: randomHex(16)}
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := createExclusive(path, append(b, '\n')); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if b, err = os.ReadFile(path); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// keep replaces what the data directory has; a crash leaves the one or the other.
func (s *secrets) keep(c *Config) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(secretsPath(c), append(b, '\n'), os.Rename)
}

// sealer seals with the encryption key and opens what the old ones have sealed, too.
func (s *secrets) sealer() (*store.Sealer, error) {
	key, err := parseKey("encryption_key", s.EncryptionKey)
	if err != nil {
		return nil, err
	}
	var older [][]byte
	for _, list := range s.OldEncryptionKeys { // of a variable of the environment it is one text
		for text := range strings.SplitSeq(list, ",") {
			k, err := parseKey("old_encryption_keys", strings.TrimSpace(text))
			if err != nil {
				return nil, err
			}
			older = append(older, k)
		}
	}
	return store.NewSealer(key, older...)
}

func parseKey(setting, text string) ([]byte, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 32 {
		return nil, fmt.Errorf("%s: a key must be 64 hexadecimal digits", setting)
	}
	return b, nil
}

// createExclusive writes a file whole or not at all, and only if there is none.
func createExclusive(path string, content []byte) error {
	if _, err := os.Stat(path); err == nil {
		return fs.ErrExist
	}
	return writeWhole(path, content, os.Link)
}

// writeWhole writes a file beside its place, waits until it is on the disk, and moves it
// there with put.
func writeWhole(path string, content []byte, put func(from, to string) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // one that stays is as private as the file itself
	if _, err := tmp.Write(content); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Sync(); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return put(tmp.Name(), path)
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
