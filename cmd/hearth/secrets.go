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
)

// secrets are made at the first start and kept in the data directory, readable by its
// owner alone.
type secrets struct {
	EncryptionKey   string `json:"encryption_key"`
	AdminPassword   string `json:"admin_password"`
	ServicePassword string `json:"service_password"`
}

// loadSecrets reads the secrets or makes them. Two processes that start at once on one
// directory agree: whoever creates the file first wins.
func loadSecrets(c *Config) (*secrets, error) {
	path := filepath.Join(c.Data, "secrets.json")
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
	if c.EncryptionKey != "" {
		s.EncryptionKey = c.EncryptionKey
	}
	if c.Cloud.ServicePassword != "" {
		s.ServicePassword = c.Cloud.ServicePassword
	}
	return s, nil
}

// key is the encryption key as bytes.
func (s *secrets) key() ([]byte, error) {
	b, err := hex.DecodeString(s.EncryptionKey)
	if err != nil || len(b) != 32 {
		return nil, errors.New("the encryption key must be 64 hexadecimal digits")
	}
	return b, nil
}

// createExclusive writes a file whole or not at all, and only if there is none.
func createExclusive(path string, content []byte) error {
	if _, err := os.Stat(path); err == nil {
		return fs.ErrExist
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // one that stays is as private as the file itself
	if _, err := tmp.Write(content); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Link(tmp.Name(), path)
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
