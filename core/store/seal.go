package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Sealer encrypts what must not be read from the database: AES-256-GCM under the current
// key. It opens with whichever of its keys a value names.
type Sealer struct{ keys []sealKey } // the first is the current one

type sealKey struct {
	id   [keyIDSize]byte
	key  []byte
	aead cipher.AEAD
	// text and bytes are what the values begin with that the key has sealed.
	text, bytes []byte
}

// The first byte of a sealed value is its form. Form 1 is of before keys had ids: nonce and
// ciphertext. Form 2 has the key's id between the form and these.
const (
	sealedGCM   = 1
	sealedByKey = 2
)

// sealedText begins a sealed value of a text column, $1$KEY$BASE64. No JSON begins like
// that: what does not is plain.
const sealedText = "$1$"

const keyIDSize = 4

// ErrSealed is what cannot be opened: another key, another row, or no sealed value at all.
var ErrSealed = errors.New("a sealed value does not open")

// NewSealer makes a Sealer that seals with key and opens what the older keys sealed, too.
// Keys have 32 bytes.
func NewSealer(key []byte, older ...[]byte) (*Sealer, error) {
	s := &Sealer{}
	for _, k := range append([][]byte{key}, older...) {
		if len(k) != 32 {
			return nil, fmt.Errorf("the encryption key has %d bytes, not 32", len(k))
		}
		block, err := aes.NewCipher(k)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(append([]byte("hearth key id "), k...))
		added := sealKey{id: [keyIDSize]byte(sum[:]), key: k, aead: aead}
		added.text, added.bytes = []byte(sealedText+added.name()+"$"), append([]byte{sealedByKey}, added.id[:]...)
		switch had := s.find(added.id); {
		case had == nil:
			s.keys = append(s.keys, added)
		case !bytes.Equal(had.key, k):
			return nil, fmt.Errorf("two encryption keys have the id %x: make another", added.id)
		}
	}
	return s, nil
}

// KeyID is the public name of the current key: eight hexadecimal digits.
func (s *Sealer) KeyID() string { return s.keys[0].name() }

func (k *sealKey) name() string { return hex.EncodeToString(k.id[:]) }

func (s *Sealer) find(id [keyIDSize]byte) *sealKey {
	for i := range s.keys {
		if s.keys[i].id == id {
			return &s.keys[i]
		}
	}
	return nil
}

// Seal encrypts v as JSON. about binds the value to its row: it opens only with the same.
func (s *Sealer) Seal(v any, about string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.seal(plain, []byte(about)), nil
}

func (s *Sealer) seal(plain, about []byte) []byte {
	return s.keys[0].seal(s.keys[0].bytes, plain, about)
}

// seal puts nonce and ciphertext behind head.
func (k *sealKey) seal(head, plain, about []byte) []byte {
	from, to := len(head), len(head)+k.aead.NonceSize()
	out := make([]byte, to, to+len(plain)+k.aead.Overhead())
	copy(out, head)
	rand.Read(out[from:])
	return k.aead.Seal(out, out[from:], plain, about)
}

// open decrypts nonce and ciphertext, and appends the plain bytes to dst.
func (k *sealKey) open(dst, sealed, about []byte) ([]byte, error) {
	n := k.aead.NonceSize()
	if len(sealed) < n {
		return nil, ErrSealed
	}
	plain, err := k.aead.Open(dst, sealed[:n], sealed[n:], about)
	if err != nil {
		return nil, fmt.Errorf("%w with the key %s: %w", ErrSealed, k.name(), err)
	}
	return plain, nil
}

// Open decrypts what Seal made into v. A value of no bytes leaves v as it is.
func (s *Sealer) Open(sealed []byte, v any, about string) error {
	if len(sealed) == 0 {
		return nil
	}
	plain, err := s.open(sealed, []byte(about))
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, v)
}

func (s *Sealer) open(sealed, about []byte) ([]byte, error) {
	switch {
	case sealed[0] == sealedByKey && len(sealed) > 1+keyIDSize:
		id := [keyIDSize]byte(sealed[1:])
		k := s.find(id)
		if k == nil {
			return nil, unknownKey(id)
		}
		return k.open(nil, sealed[1+keyIDSize:], about)
	case sealed[0] == sealedGCM:
		k, plain := s.openUnnamed(sealed, about)
		if k == nil {
			return nil, fmt.Errorf("%w with any key at hand", ErrSealed)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("%w: its form is unknown", ErrSealed)
}

// openUnnamed opens a value of form 1 with the key that fits, nil when none does.
func (s *Sealer) openUnnamed(sealed, about []byte) (*sealKey, []byte) {
	for i := range s.keys {
		if plain, err := s.keys[i].open(nil, sealed[1:], about); err == nil {
			return &s.keys[i], plain
		}
	}
	return nil, nil
}

func unknownKey(id [keyIDSize]byte) error {
	return fmt.Errorf("%w: it wants the key %x, which is not at hand", ErrSealed, id)
}

// sealText seals the value of a text column. An empty one stays empty.
func (s *Sealer) sealText(plain, about []byte) []byte {
	if len(plain) == 0 {
		return plain
	}
	mark, raw := s.keys[0].text, s.keys[0].seal(nil, plain, about)
	out := make([]byte, 0, len(mark)+base64.RawStdEncoding.EncodedLen(len(raw)))
	return base64.RawStdEncoding.AppendEncode(append(out, mark...), raw)
}

// openText opens what sealText made. Anything else is a plain value of before.
func (s *Sealer) openText(sealed, about []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, []byte(sealedText))
	if !ok {
		return sealed, nil
	}
	name, text, _ := bytes.Cut(rest, []byte("$"))
	var id [keyIDSize]byte
	if n, err := hex.Decode(id[:], name[:min(len(name), 2*keyIDSize)]); err != nil || n != keyIDSize {
		return nil, fmt.Errorf("%w: it names no key", ErrSealed)
	}
	k := s.find(id)
	if k == nil {
		return nil, unknownKey(id)
	}
	raw, err := base64.RawStdEncoding.AppendDecode(make([]byte, 0, base64.RawStdEncoding.DecodedLen(len(text))), text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealed, err)
	}
	n := min(k.aead.NonceSize(), len(raw))
	return k.open(raw[n:n], raw, about) // in place
}

// Sealer gives the sealer of this installation.
func (s *Store) Sealer() *Sealer { return s.sealer }
