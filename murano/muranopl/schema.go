package muranopl

import (
	"context"
	"math"
	"slices"
	"sort"

	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
	"hearth/murano/version"
)

// SchemaRequest asks for the JSON schemas of a class: of its properties, under "", and of the
// arguments of its model builders.
type SchemaRequest struct {
	Class   string
	Version string   // specification; "" is 0
	Package string   // "" is the one that has the class
	Methods []string // nil: all
}

// Schema writes JSON schemas for forms (murano/dsl/schema_generator.py). It returns
// NoPackageForClassFound, NoClassFound.
func (ex *Executor) Schema(ctx context.Context, r SchemaRequest) (out *yaql.Dict, err error) {
	spec, err := version.ParseSpec(r.Version)
	if err != nil {
		return nil, pyError("ValueError", "%s", err)
	}
	err = ex.outside(ctx, func(th *Thread) error {
		var p *Package
		var err error
		if r.Package != "" {
			p, err = ex.Package(r.Package, spec)
		} else {
			p, err = ex.ClassPackage(r.Class, spec)
		}
		if err != nil {
			return err
		}
		c, err := p.Class(r.Class, false)
		if err != nil {
			return err
		}
		out, err = (&schemas{th: th, class: c, frame: ex.classFrame(c, nil), weights: weigh(c)}).all(r.Methods)
		return err
	})
	return out, err
}

// schemas writes the schemas of one class.
type schemas struct {
	th      *Thread
	class   *Class
	frame   *Frame
	weights map[string]int // of classes by their distance
	names   *Class         // in whose code the contract in hand stands
}

// weigh gives each ancestor its distance from the class.
func weigh(c *Class) map[string]int {
	out := map[string]int{}
	type item struct {
		class *Class
		n     int
	}
	queue := []item{{c, 0}}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if _, ok := out[i.class.Name]; !ok {
			out[i.class.Name] = i.n
		}
		for _, p := range i.class.parents {
			queue = append(queue, item{p, i.n + 1})
		}
	}
	return out
}

func (s *schemas) all(methods []string) (*yaql.Dict, error) {
	out := yaql.NewPlainDict(2)
	wanted := func(name string) bool { return methods == nil || slices.Contains(methods, name) }
	if wanted("") {
		d, err := s.entity(s.class, s.classSpecs)
		if err != nil {
			return nil, err
		}
		_ = out.Set("", d) // a text is always a key
	}
	for _, name := range s.class.methodNames() {
		m, err := s.class.method(name)
		if err != nil || !m.public() || !m.static() || m.native != nil || !wanted(name) || !s.builds(m) {
			continue
		}
		d, err := s.entity(m, func() ([]specified, error) {
			list := make([]specified, len(m.args))
			for i, a := range m.args {
				list[i] = specified{a.Name, &a.spec, a}
			}
			return list, nil
		})
		if err != nil {
			return nil, err
		}
		_ = out.Set(name, d)
	}
	return out, nil
}

// builds reports whether a method is marked as a model builder.
func (s *schemas) builds(m *Method) bool {
	meta, err := s.metaBy(m)
	if err != nil || len(meta["io.murano.metadata.ModelBuilder"]) == 0 {
		return false
	}
	enabled, err := s.text(meta["io.murano.metadata.ModelBuilder"][0], "enabled")
	return err == nil && yaql.Truth(enabled)
}

// specified is a property or an argument.
type specified struct {
	name string
	spec *spec
	of   any
}

func (s *schemas) classSpecs() ([]specified, error) {
	var out []specified
	for _, name := range s.class.propertyNames() {
		p, err := s.class.property(name)
		if err != nil {
			return nil, err
		}
		if p.Usage == usageIn || p.Usage == usageInOut {
			out = append(out, specified{name, &p.spec, p})
		}
	}
	return out, nil
}

// metaBy are the metadata by the name of their class.
func (s *schemas) metaBy(of any) (map[string][]*Object, error) {
	list, err := s.th.metaOf(of, s.frame)
	if err != nil {
		return nil, err
	}
	out := map[string][]*Object{}
	for _, o := range list {
		out[o.class.Name] = append(out[o.class.Name], o)
	}
	return out, nil
}

func (s *schemas) text(o *Object, name string) (any, error) { return o.get(s.th, name, nil) }

func (s *schemas) entity(of any, specs func() ([]specified, error)) (*yaql.Dict, error) {
	list, err := specs()
	if err != nil {
		return nil, err
	}
	properties := yaql.NewPlainDict(len(list))
	for _, p := range list {
		d, err := s.property(p)
		if err != nil {
			return nil, err
		}
		_ = properties.Set(p.name, d)
	}
	sections, err := s.sections(of)
	if err != nil {
		return nil, err
	}
	out := plainDict("$schema", "http://json-schema.org/draft-04/schema#", "type", "object", "properties", properties,
		"additionalProperties", false, "formSections", sections)
	return out, s.hints(out, of)
}

func (s *schemas) property(p specified) (*yaql.Dict, error) {
	s.names = p.spec.declaring
	v, err := s.translate(p.spec.contract, p.spec.contract.spec)
	if err != nil {
		return nil, err
	}
	d, ok := v.(*yaql.Dict)
	if !ok {
		return nil, pyError("AttributeError", "'%s' object has no attribute 'update'", typeNameOf(v))
	}
	if p.spec.hasDefault {
		_ = d.Set("default", plainValue(p.spec.fallback))
	}
	return d, s.hints(d, p.of)
}

// hints adds what metadata says of how a form shows something.
func (s *schemas) hints(d *yaql.Dict, of any) error {
	meta, err := s.metaBy(of)
	if err != nil {
		return err
	}
	for _, h := range [][3]string{{"io.murano.metadata.Title", "title", "text"}, {"io.murano.metadata.Description", "description", "text"},
		{"io.murano.metadata.HelpText", "helpText", "text"}, {"io.murano.metadata.forms.Hidden", "visible", "visible"}} {
		if list := meta[h[0]]; len(list) > 0 {
			v, err := s.text(list[len(list)-1], h[2])
			if err != nil {
				return err
			}
			_ = d.Set(h[1], v)
		}
	}
	list := meta["io.murano.metadata.forms.Position"]
	if len(list) == 0 {
		return nil
	}
	position := list[len(list)-1]
	section, err := s.text(position, "section")
	if err != nil {
		return err
	}
	_ = d.Set("formSection", section)
	index, err := s.text(position, "index")
	if n, ok := index.(int64); ok {
		_ = d.Set("formIndex", s.ordered(n, position))
	}
	return err
}

// ordered is an index among those of a whole hierarchy: those of ancestors come first.
func (s *schemas) ordered(index int64, o *Object) int64 {
	return (index+1)*int64(len(s.weights)) - int64(s.weights[o.core.declaring.Name])
}

// sections numbers the sections of a form anew; one that is defined in several classes is
// that of the most special.
func (s *schemas) sections(of any) (*yaql.Dict, error) {
	meta, err := s.metaBy(of)
	if err != nil {
		return nil, err
	}
	type section struct {
		name, title any
		index       any
		o           *Object
	}
	var list []section
	for _, o := range meta["io.murano.metadata.forms.Section"] {
		var n section
		n.o = o
		for key, to := range map[string]*any{"name": &n.name, "title": &n.title, "index": &n.index} {
			if *to, err = s.text(o, key); err != nil {
				return nil, err
			}
		}
		i := slices.IndexFunc(list, func(e section) bool { return e.name == n.name })
		if i < 0 {
			list = append(list, n)
			continue
		}
		old, weight := s.weights[list[i].o.core.declaring.Name], s.weights[o.core.declaring.Name]
		if old < weight {
			continue
		}
		if old == weight {
			was, had := list[i].index.(int64)
			is, has := n.index.(int64)
			if !has || had && was <= is {
				continue
			}
		}
		list[i] = n
	}
	sort.SliceStable(list, func(i, j int) bool {
		rank := func(e section) int64 {
			if n, ok := e.index.(int64); ok {
				return s.ordered(n, e.o)
			}
			return math.MaxInt64
		}
		return rank(list[i]) < rank(list[j])
	})
	out := yaql.NewPlainDict(len(list))
	for i, e := range list {
		d := plainDict("title", e.title)
		if e.index != nil {
			_ = d.Set("index", int64(i))
		}
		_ = out.Set(e.name, d)
	}
	return out, nil
}

// translate writes a contract as a schema; null for a constant.
func (s *schemas) translate(c *contract, v any) (any, error) {
	switch v := v.(type) {
	case *syntax.Expression:
		run := &contractRun{th: s.th, frame: s.frame.copy(), calling: s.class, mode: modeSchema}
		run.inner = c.pkg.ex.lang.dialect(c.pkg.Format).contract.Child()
		run.inner.SetHost(&Frame{ex: s.th.ex, names: s.names, contract: run})
		out, err := c.expression(run, yaql.NewPlainDict(4), v)
		if d, ok := out.(*yaql.Dict); ok {
			plain, err := s.th.run.CopyDict(d, false, 0)
			if err != nil {
				return nil, err
			}
			plain.Delete(notNullMark)
			return plain, nil
		}
		return out, err
	case *syntax.Map:
		return s.translateMap(c, v)
	case syntax.List:
		return s.translateList(c, v)
	}
	return nil, nil
}

func (s *schemas) translateMap(c *contract, m *syntax.Map) (any, error) {
	properties := yaql.NewPlainDict(len(m.Entries))
	var additional any = false
	for _, e := range m.Entries {
		d, err := s.translate(c, e.Value)
		if err != nil {
			return nil, err
		}
		if _, ok := e.Key.(*syntax.Expression); ok {
			additional = d
			continue
		}
		if err := properties.Set(e.Key, d); err != nil {
			return nil, err
		}
	}
	return plainDict("type", "object", "properties", properties, "additionalProperties", additional), nil
}

func (s *schemas) translateList(c *contract, list syntax.List) (any, error) {
	var items yaql.List
	for _, v := range list {
		switch v.(type) {
		case int64, bool:
			continue
		}
		d, err := s.translate(c, v)
		if err != nil {
			return nil, err
		}
		items = append(items, d)
	}
	switch len(items) {
	case 0:
		return plainDict("type", "array"), nil
	case 1:
		return plainDict("type", "array", "items", items[0]), nil
	}
	return plainDict("type", "array", "items", items, "additionalItems", items[len(items)-1]), nil
}

// plainDict makes a dictionary of names and values that may be changed.
func plainDict(pairs ...any) *yaql.Dict {
	d := yaql.NewPlainDict(len(pairs) / 2)
	for i := 0; i < len(pairs); i += 2 {
		_ = d.Set(pairs[i], pairs[i+1]) // a text is always a key
	}
	return d
}
