package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
)

// Sealer encrypts what must not be read from the database: credentials, what resource
// types remember. AES-256-GCM; the first byte of a sealed value is its form.
type Sealer struct{ aead cipher.AEAD }

const sealedGCM = 1

// NewSealer makes a Sealer from a key of 32 bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("the encryption key has %d bytes, not 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead}, nil
}

// Seal encrypts v as JSON. about binds the value to its row: it opens only with the same.
func (s *Sealer) Seal(v any, about string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 1+s.aead.NonceSize(), 1+s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	out[0] = sealedGCM
	rand.Read(out[1:])
	return s.aead.Seal(out, out[1:], plain, []byte(about)), nil
}

// Open decrypts what Seal made into v. A value of no bytes leaves v as it is.
func (s *Sealer) Open(sealed []byte, v any, about string) error {
	if len(sealed) == 0 {
		return nil
	}
	n := s.aead.NonceSize()
	if sealed[0] != sealedGCM || len(sealed) < 1+n {
		return errors.New("a sealed value of an unknown form")
	}
	plain, err := s.aead.Open(nil, sealed[1:1+n], sealed[1+n:], []byte(about))
	if err != nil {
		return fmt.Errorf("a sealed value does not open with this key: %w", err)
	}
	return json.Unmarshal(plain, v)
}

// Sealer gives the sealer of this installation.
func (s *Store) Sealer() *Sealer { return s.sealer }
