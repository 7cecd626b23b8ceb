package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"hearth/core/template"
	"hearth/core/yaml"
)

// Fingerprint is what a definition resolves to, in three short hashes: of the properties as
// they are given, of the metadata, and of the rest (policies, depends_on, external_id). Two
// that are equal are the same definition to heat/engine/rsrc_defn.py.
type Fingerprint struct{ Properties, Metadata, Rest string }

// Fingerprint takes the fingerprint of a resource's definition; given are its properties
// as they resolve.
func (t *Target) Fingerprint(name string, given *yaml.Map, rt template.Runtime) Fingerprint {
	d := t.Definition(name)
	f := Fingerprint{Properties: hash(given)}
	if m, err := t.Metadata(name, rt); err == nil && m != nil {
		f.Metadata = hash(m)
	}
	rest := []any{d.DeletionPolicy}
	for _, other := range d.DependsOn {
		rest = append(rest, other)
	}
	if d.UpdatePolicy != nil {
		if v, err := t.Bound.Resolve(d.UpdatePolicy, rt); err == nil {
			rest = append(rest, v)
		}
	}
	f.Rest = hash(rest)
	return f
}

// String is the fingerprint as a row keeps it.
func (f Fingerprint) String() string { return f.Properties + "." + f.Metadata + "." + f.Rest }

// ParseFingerprint reads what String wrote; ok is false when s is none.
func ParseFingerprint(s string) (f Fingerprint, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return f, false
	}
	return Fingerprint{parts[0], parts[1], parts[2]}, true
}

func hash(v any) string {
	sum := sha256.Sum256(appendCanonical(nil, v))
	return hex.EncodeToString(sum[:12])
}

// appendCanonical writes values so that equal ones (1, 1.0 and true are equal) look alike.
func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "n;"...)
	case string:
		return fmt.Appendf(b, "s%d:%s;", len(v), v)
	case []any:
		b = fmt.Appendf(b, "l%d:", len(v))
		for _, x := range v {
			b = appendCanonical(b, x)
		}
		return b
	case *yaml.Map:
		b = fmt.Appendf(b, "m%d:", v.Len())
		for _, k := range slices.Sorted(slices.Values(v.Keys())) {
			x, _ := v.Get(k)
			b = appendCanonical(appendCanonical(b, k), x)
		}
		return b
	case bool:
		if v {
			return append(b, "i1;"...)
		}
		return append(b, "i0;"...)
	case int64, int, *big.Int:
		return fmt.Appendf(b, "i%d;", v)
	case float64:
		if v == math.Trunc(v) && !math.IsInf(v, 0) {
			i, _ := big.NewFloat(v).Int(nil)
			return fmt.Appendf(b, "i%d;", i)
		}
		return fmt.Appendf(b, "f%v;", v)
	}
	return fmt.Appendf(b, "?%T:%v;", v, v)
}
