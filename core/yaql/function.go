package yaql

import "fmt"

// Way says how a function can be called.
type Way uint8

// The ways. An extension is both a function and a method.
const (
	AsFunction Way = iota
	AsMethod
	AsExtension
)

// Function is one overload of a name: what it is called, what it takes, what it does,
// in one value. Register it with a Context; do not change it afterwards.
type Function struct {
	Name     string
	Way      Way
	Params   []Param
	NoKwargs bool // its arguments may be rules: source => destination is not a named argument
	// OwnContext gives every call a context of its own, in which its lambdas live too;
	// needed by functions that set variables or register functions there.
	OwnContext bool
	Body       func(c *Call) (any, error)
	// Binary, if set, is called instead of Body when there are exactly two arguments, both
	// plain values: it saves operators the Call.
	Binary  func(r *Run, a, b any) (any, error)
	Doc     string // one sentence
	Example string // an expression that is true

	positional  []*Param
	rest, named *Param
	prepared    bool
}

// Param is a parameter. Use P, Opt, Rest and Named to make one.
type Param struct {
	Name     string
	Type     Type
	Default  any
	Optional bool
	kind     paramKind
}

type paramKind uint8

const (
	paramOne paramKind = iota
	paramRest
	paramNamed
)

// P is a parameter that must be given.
func P(name string, t Type) Param { return Param{Name: name, Type: t} }

// Opt is a parameter with a default. A default of null makes the type nullable.
func Opt(name string, t Type, value any) Param {
	if value == nil && t.role == roleValue {
		t = t.Nullable()
	}
	return Param{Name: name, Type: t, Default: value, Optional: true}
}

// Rest is any number of further positional arguments.
func Rest(name string, t Type) Param { return Param{Name: name, Type: t, kind: paramRest} }

// Named is any number of further named arguments.
func Named(name string, t Type) Param { return Param{Name: name, Type: t, kind: paramNamed} }

// Signature writes the function as documentation shows it.
func (f *Function) Signature() string {
	s := f.Name + "("
	for i, p := range f.Params {
		if i > 0 {
			s += ", "
		}
		s += [...]string{"", "*", "**"}[p.kind] + p.Name
		if p.Optional {
			s += "=" + defaultText(p.Default)
		}
		if p.Type.name != Any.name {
			s += ": " + p.Type.name
		}
	}
	return s + ")"
}

func defaultText(v any) string {
	if v == NoValue {
		return "none"
	}
	s, err := (*Run)(nil).Str(v)
	if err != nil {
		return "…"
	}
	if _, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return s
}

// Prepare sorts the parameters by how they bind and gives f. Register does it too; a
// function that several goroutines may register at once must be prepared before.
func (f *Function) Prepare() *Function {
	if f.prepared {
		return f
	}
	f.prepared = true
	for i := range f.Params {
		p := &f.Params[i]
		switch p.kind {
		case paramRest:
			f.rest = p
		case paramNamed:
			f.named = p
		default:
			f.positional = append(f.positional, p)
		}
	}
	return f
}

func (f *Function) callable(method bool) bool {
	if method {
		return f.Way != AsFunction
	}
	return f.Way != AsMethod
}

// Kwarg is a named argument.
type Kwarg struct {
	Name  string
	Value any
}

// Call is what the body of a function gets. It is the body's own: keep it as long as you
// like.
type Call struct {
	Run      *Run
	Function *Function
	Context  *Context // the caller's; the function's own with OwnContext
	Receiver any      // NoValue unless called as a method
	Args     []any    // one for each parameter that is not Rest or Named, converted
	Rest     []any
	Named    []Kwarg
}

// String gives the i-th argument, a text.
func (c *Call) String(i int) string {
	s, _ := c.Args[i].(string)
	return s
}

// Lambda gives the i-th argument, a lambda; nil when it was left out or null.
func (c *Call) Lambda(i int) *Lambda {
	l, _ := c.Args[i].(*Lambda)
	return l
}

// Bool gives the i-th argument's truth.
func (c *Call) Bool(i int) bool { return Truth(c.Args[i]) }

// Dict gives the i-th argument, a dictionary.
func (c *Call) Dict(i int) *Dict { return c.Args[i].(*Dict) }

// Int gives the i-th argument, an integer or boolean, cut to the range of int64.
func (c *Call) Int(i int) int64 { return ClampInt(c.Args[i]) }

// ClampInt gives an integer or boolean cut to the range of int64.
func ClampInt(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case bool:
		if v {
			return 1
		}
		return 0
	}
	if n := Big(v); n != nil && n.Sign() < 0 {
		return -1 << 63
	}
	return 1<<63 - 1
}

// Iter walks the i-th argument, an iterable.
func (c *Call) Iter(i int) Iterator { return c.Run.Iterate(c.Args[i]) }

// Given reports whether the i-th argument is there, for parameters with default NoValue.
func (c *Call) Given(i int) bool { return c.Args[i] != NoValue }
