package function

import (
	"errors"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// Call is a function with its arguments.
type Call struct {
	Name string
	Args Expr // of `if`: nil, see branches
	def  *def
	path *path
	node *yaml.Node
	err  error // what is wrong with the arguments as they are written
	// what a def's check makes of the arguments once, for later
	branches *branches
	yaql     func(expression string) (Evaluator, error)
}

// def is one function: the entry that table.go names.
type def struct {
	// check looks at the arguments as they are written; nil: anything goes.
	check func(c *Call) error
	// validate is what Heat says later, once references are known; nil: nothing.
	validate func(s Scope, c *Call) error
	// result computes the value of resolved arguments. Items of a list and values of a map
	// that an `if` dropped are still there, as schema.Dropped: see compact and positional.
	result func(s Scope, c *Call, args any) (any, error)
	// reference names the resource that the call refers to and the attribute path that it
	// asks for; path is nil for the reference id. nil: the function refers to none.
	reference func(s Scope, c *Call) (resource string, path []any, err error)
	// reads: the result depends on more than the arguments.
	reads bool
	// macro functions parse their arguments themselves.
	macro func(p *Parser, c *Call, args *yaml.Node) error
	// doc is one sentence for the list of functions.
	doc string
}

// errReported is an error that has been reported at another place.
var errReported = errors.New("see the condition")

// argumentError is the error of a Call whose arguments are wrong; Problems reports it.
type argumentError struct{ error }

func (e *argumentError) Is(target error) bool { return target == errReported }

// Reported marks an error of Scope.Condition that need not be reported again.
func Reported() error { return errReported }

// Node is the place.
func (c *Call) Node() *yaml.Node { return orNowhere(c.node) }

// Path is the place in words: outputs.o.value.list_join.
func (c *Call) Path() string { return c.path.String() }

// Resolve computes the function.
func (c *Call) Resolve(s Scope) (any, error) {
	if c.err != nil {
		return nil, &argumentError{c.err}
	}
	if c.branches != nil {
		e, err := c.branches.taken(s)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return schema.Dropped{}, nil
		}
		return e.Resolve(s)
	}
	args, err := resolveArgs(c.Args, s)
	if err != nil {
		return nil, err
	}
	if u := firstUnknown(args); u != nil {
		return u, nil
	}
	return c.def.result(s, c, args)
}

// Walk goes through the arguments, of `if` the condition and the branch taken, and then
// calls f for the Call itself.
func (c *Call) Walk(s Scope, f func(*Call)) {
	switch {
	case c.branches != nil:
		c.branches.condition.Walk(s, f)
		if e, err := c.branches.taken(s); err == nil && e != nil {
			e.Walk(s, f)
		}
	case c.Args != nil:
		c.Args.Walk(s, f)
	}
	f(c)
}

// Reference names the resource that the call refers to and the attribute path it asks
// for: nil for the reference id, empty for all attributes. ok is false for functions
// that refer to none, and when the name is not known yet.
func (c *Call) Reference(s Scope) (resource string, path []any, ok bool) {
	if c.err != nil || c.def.reference == nil {
		return "", nil, false
	}
	resource, path, err := c.def.reference(s, c)
	return resource, path, err == nil
}

// Reads reports whether the call's value depends on more than its arguments: on a
// parameter, a file, a mapping, the facade.
func (c *Call) Reads() bool { return c.def.reads }

// resolveArgs resolves a container but keeps what an `if` dropped at its top level.
func resolveArgs(e Expr, s Scope) (any, error) {
	switch e := e.(type) {
	case *List:
		out := make([]any, len(e.Items))
		for i, item := range e.Items {
			v, err := item.Resolve(s)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case *Map:
		out := yaml.NewMap(len(e.Fields))
		for _, f := range e.Fields {
			v, err := f.Value.Resolve(s)
			if err != nil {
				return nil, err
			}
			out.Set(f.Key, v)
		}
		return out, nil
	}
	return Resolve(e, s)
}

// compact leaves out what an `if` dropped.
func compact(args any) any {
	switch args := args.(type) {
	case []any:
		out := args[:0:0]
		for _, v := range args {
			if _, dropped := v.(schema.Dropped); !dropped {
				out = append(out, v)
			}
		}
		return out
	case *yaml.Map:
		out := yaml.NewMap(args.Len())
		for k, v := range args.All() {
			if _, dropped := v.(schema.Dropped); !dropped {
				out.Set(k, v)
			}
		}
		return out
	}
	return args
}

// arg gives the i-th argument of a list; null when it was dropped or is not there.
func arg(args any, i int) any {
	l, _ := args.([]any)
	if i >= len(l) {
		return nil
	}
	return present(l[i])
}

// named gives an argument of a map; null when it was dropped or is not there.
func named(args any, name string) any {
	m, _ := args.(*yaml.Map)
	v, _ := m.Get(name)
	return present(v)
}

func present(v any) any {
	if _, dropped := v.(schema.Dropped); dropped {
		return nil
	}
	return v
}

// firstUnknown finds an Unknown in a value.
func firstUnknown(v any) any {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if u := firstUnknown(x); u != nil {
				return u
			}
		}
	case *yaml.Map:
		for _, x := range v.All() {
			if u := firstUnknown(x); u != nil {
				return u
			}
		}
	case schema.Unknown:
		return v
	}
	return nil
}

// isCall reports whether an argument is itself a function, whose value comes later.
func isCall(e Expr) bool { _, ok := e.(*Call); return ok }

// IsReported reports whether the error has been reported at another place.
func IsReported(err error) bool { return errors.Is(err, errReported) }
