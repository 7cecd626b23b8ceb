package template

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Digest is a hash of all that a definition's resolved form depends on beside other
// resources: the definition as written (of each `if` the branch taken), and what its
// functions read of parameters, files, mappings and the facade. Equal digests mean that
// only references to other resources can make the resolved forms differ.
func (b *Bound) Digest(d *Definition, resolvedType string) string {
	h := sha256.New()
	w := digestWriter{b: b, w: h}
	w.text(d.Type, resolvedType, d.DeletionPolicy)
	for _, name := range d.DependsOn {
		w.text("depends_on", name)
	}
	for _, part := range []struct {
		name string
		e    function.Expr
	}{
		{"properties", d.Properties}, {"metadata", d.Metadata},
		{"update_policy", d.UpdatePolicy}, {"external_id", d.ExternalID},
	} {
		if part.e != nil {
			w.text(part.name)
			w.expr(part.e)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

type digestWriter struct {
	b *Bound
	w io.Writer
}

// text writes texts so that they cannot run together.
func (w digestWriter) text(texts ...string) {
	for _, t := range texts {
		io.WriteString(w.w, t)
		w.w.Write([]byte{0})
	}
}

func (w digestWriter) value(v any) {
	raw, _ := yaml.EncodeJSON(v)
	w.w.Write(raw)
	w.w.Write([]byte{0})
}

func (w digestWriter) expr(e function.Expr) {
	switch e := e.(type) {
	case *function.Literal:
		w.value(e.Value)
	case *function.List:
		w.text("[")
		for _, item := range e.Items {
			w.expr(item)
		}
		w.text("]")
	case *function.Map:
		w.text("{")
		for _, f := range e.Fields {
			w.text(f.Key)
			w.expr(f.Value)
		}
		w.text("}")
	case *function.Call:
		w.call(e)
	}
}

func (w digestWriter) call(c *function.Call) {
	if branch, ok := c.Taken(w.b.static); ok {
		if branch != nil {
			w.expr(branch)
		}
		return
	}
	w.text("(", c.Name)
	if c.Args != nil {
		w.expr(c.Args)
	}
	if _, _, refers := c.Reference(w.b.static); c.Reads() && !refers {
		switch v, err := c.Resolve(w.b.static); {
		case err != nil:
			w.text("error", err.Error())
		case schema.HasUnknown(v):
			// what it reads depends on a resource: it may be anything
			w.value(w.b.Values.raw())
		default:
			w.value(v)
		}
	}
	w.text(")")
}

// raw gives all values, hidden ones too.
func (v *Values) raw() *yaml.Map {
	out := yaml.NewMap(len(v.order))
	for _, name := range v.order {
		out.Set(name, v.items[name].value)
	}
	return out
}
