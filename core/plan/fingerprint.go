package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
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
	h := sha256.New()
	writeCanonical(h, v)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// writeCanonical writes values so that equal ones (1, 1.0 and true are equal) look alike.
func writeCanonical(w io.Writer, v any) {
	switch v := v.(type) {
	case nil:
		io.WriteString(w, "n;")
	case string:
		fmt.Fprintf(w, "s%d:%s;", len(v), v)
	case []any:
		fmt.Fprintf(w, "l%d:", len(v))
		for _, x := range v {
			writeCanonical(w, x)
		}
	case *yaml.Map:
		fmt.Fprintf(w, "m%d:", v.Len())
		for _, k := range slices.Sorted(slices.Values(v.Keys())) {
			x, _ := v.Get(k)
			writeCanonical(w, k)
			writeCanonical(w, x)
		}
	case bool:
		if v {
			io.WriteString(w, "i1;")
		} else {
			io.WriteString(w, "i0;")
		}
	case int64:
		fmt.Fprintf(w, "i%d;", v)
	case int:
		fmt.Fprintf(w, "i%d;", v)
	case *big.Int:
		fmt.Fprintf(w, "i%s;", v)
	case float64:
		if v == math.Trunc(v) && !math.IsInf(v, 0) {
			i, _ := big.NewFloat(v).Int(nil)
			fmt.Fprintf(w, "i%s;", i)
			return
		}
		fmt.Fprintf(w, "f%v;", v)
	default:
		fmt.Fprintf(w, "?%T:%v;", v, v)
	}
}
