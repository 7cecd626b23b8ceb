package muranopl

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// What a program gets by chance: ids of new objects and random names. With a seed they are
// the same in every run of the program, so that one that is run again after its process has
// died finds what it made before. Each thread has a sequence of its own: those of others may
// come to their turns in another order.

// chance gives the next 32 random bytes of a thread.
func (th *Thread) chance() [sha256.Size]byte {
	var out [sha256.Size]byte
	if th.ex.seed == nil {
		rand.Read(out[:])
		return out
	}
	th.drawn++
	mac := hmac.New(sha256.New, th.ex.seed)
	mac.Write([]byte(th.path))
	mac.Write(binary.BigEndian.AppendUint64([]byte{0}, th.drawn))
	mac.Sum(out[:0])
	return out
}

// newID makes the id of an object: 32 hexadecimal digits.
func (th *Thread) newID() string {
	b := th.chance()
	return hex.EncodeToString(b[:16])
}

// randomName makes a name of 15 small letters and digits that no other call gives, and that
// begins with a letter (murano/engine/system/yaql_functions.py random_name).
func (th *Thread) randomName() string {
	const letters, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789abcdefghijklmnopqrstuvwxyz"
	b := th.chance()
	name := make([]byte, 15)
	for i := range name {
		if i < 5 {
			name[i] = letters[int(b[i])%len(letters)]
		} else {
			name[i] = digits[int(b[i])%len(digits)]
		}
	}
	return string(name)
}
