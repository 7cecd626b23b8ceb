package function

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/ripemd160" //nolint:staticcheck // templates may name any algorithm of hashlib, old ones too

	"hearth/core/yaml"
)

// digest is [algorithm, text]: the hexadecimal digest of the text in latin-1.
var digest = def{
	doc: "A function for performing digest operations.",
	result: func(_ Scope, c *Call, args any) (any, error) {
		list, ok := compact(args).([]any)
		texts := make([]string, len(list))
		for i := range list {
			text, isText := list[i].(string)
			texts[i], ok = text, ok && isText
		}
		if !ok {
			return nil, fmt.Errorf("Argument to function %q must be a list of strings", c.Name)
		}
		if len(texts) != 2 {
			return nil, fmt.Errorf(`Function "%s" usage: ["<algorithm>", "<value>"]`, c.Name)
		}
		h, err := newHash(texts[0])
		if err != nil {
			return nil, err
		}
		data, err := latin1(texts[1])
		if err != nil {
			return nil, err
		}
		h.Write(data)
		return hex.EncodeToString(h.Sum(nil)), nil
	},
}

var algorithms = []string{"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512_224", "sha512_256",
	"sha3_224", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s", "ripemd160"}

func newHash(algorithm string) (hash.Hash, error) {
	switch strings.ReplaceAll(strings.ToLower(algorithm), "-", "_") {
	case "md5":
		return md5.New(), nil
	case "sha1":
		return sha1.New(), nil
	case "sha224":
		return sha256.New224(), nil
	case "sha256":
		return sha256.New(), nil
	case "sha384":
		return sha512.New384(), nil
	case "sha512":
		return sha512.New(), nil
	case "sha512_224":
		return sha512.New512_224(), nil
	case "sha512_256":
		return sha512.New512_256(), nil
	case "sha3_224":
		return sha3.New224(), nil
	case "sha3_256":
		return sha3.New256(), nil
	case "sha3_384":
		return sha3.New384(), nil
	case "sha3_512":
		return sha3.New512(), nil
	case "blake2b":
		return blake2b.New512(nil)
	case "blake2s":
		return blake2s.New256(nil)
	case "ripemd160":
		return ripemd160.New(), nil
	}
	return nil, fmt.Errorf("Algorithm must be one of %s", strings.Join(algorithms, ", "))
}

func latin1(s string) ([]byte, error) {
	out := make([]byte, 0, len(s))
	i := 0
	for _, r := range s {
		if r > 0xff {
			quoted := strings.Trim(yaml.Repr(string(r)), "'")
			if quoted == string(r) {
				quoted = fmt.Sprintf(`\u%04x`, r)
			}
			return nil, fmt.Errorf("'latin-1' codec can't encode character '%s' in position %d: ordinal not in range(256)", quoted, i)
		}
		out = append(out, byte(r))
		i++
	}
	return out, nil
}
