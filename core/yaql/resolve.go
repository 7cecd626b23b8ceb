package yaql

import (
	"slices"
	"sync/atomic"
)

// Overload resolution, as yaql/language/runner.py has it:
//
//  1. collect the overloads layer by layer, innermost first;
//  2. keep those that the arguments fit by number, name and syntax; they must agree on
//     which arguments stay unevaluated;
//  3. evaluate the other arguments, once;
//  4. in each layer, keep those that the values fit; of several the more special one
//     wins, else the call is ambiguous; the first layer with a winner decides.
//
// 1 and 2 depend only on the call's text, its receiver's kind and the functions in
// sight, 4 only on the kinds of the values: so both are remembered at the call (site).

// binding says which parameter each argument binds to.
type binding struct {
	function *Function
	args     []*Param // by argument; nil element never
	kwargs   []*Param // by named argument
	direct   bool     // arguments are parameters 0, 1, 2 … in order, none left out or named
	binary   bool     // Function.Binary will do
}

// plan is the result of step 2.
type plan struct {
	fail    func(r *Run, receiver any) error // instead of levels
	levels  [][]*binding
	args    []any // the arguments, rules that name parameters taken out
	kwargs  []Kwarg
	lazy    []bool // by argument
	kwLazy  []bool
	hosts   bool // some parameter looks at host values: do not remember winners for those
	values  bool // some parameter looks at values of any kind: never remember winners
	two     bool // just two positional arguments, both expressions to evaluate
	winners atomic.Pointer[[]winner]
}

type winner struct {
	kinds   uint64
	binding *binding
}

// site is what a call remembers. The lists are replaced, never changed.
type site struct{ plans atomic.Pointer[[]sitePlan] }

type sitePlan struct {
	scope  *scope
	kind   Kind
	method bool
	plan   *plan
}

const (
	remembered   = 8  // entries a list may have
	packedKinds  = 12 // kinds that fit one key
	bitsOfKind   = 5
	noKindOfArgs = ^uint64(0)
	hostKind     = uint64(KindHost) + 1
)

func (s *site) find(scope *scope, kind Kind, method bool) *plan {
	list := s.plans.Load()
	if list == nil {
		return nil
	}
	for i := range *list {
		if e := &(*list)[i]; e.scope == scope && e.kind == kind && e.method == method {
			return e.plan
		}
	}
	return nil
}

func (s *site) remember(e sitePlan) {
	old := s.plans.Load()
	var list []sitePlan
	if old != nil {
		list = append(list, (*old)[max(0, len(*old)-remembered+1):]...)
	}
	list = append(list, e)
	s.plans.CompareAndSwap(old, &list)
}

func (p *plan) winner(kinds uint64) *binding {
	list := p.winners.Load()
	if list == nil {
		return nil
	}
	for i := range *list {
		if (*list)[i].kinds == kinds {
			return (*list)[i].binding
		}
	}
	return nil
}

func (p *plan) rememberWinner(kinds uint64, b *binding) {
	old := p.winners.Load()
	var list []winner
	if old != nil {
		list = append(list, (*old)[max(0, len(*old)-remembered+1):]...)
	}
	list = append(list, winner{kinds, b})
	p.winners.CompareAndSwap(old, &list)
}

// planCall does steps 1 and 2. args holds *Expr, values and NoValue.
func (r *Run) planCall(name string, s *scope, method bool, args []any, kwargs []Kwarg) *plan {
	levels := s.overloads(name, method)
	if len(levels) == 0 {
		return &plan{fail: unknownFunction(name)}
	}
	p := &plan{args: args, kwargs: kwargs}
	first := levels[0][0]
	var err error
	if p.args, p.kwargs, err = translate(first.NoKwargs, args, kwargs); err != nil {
		return &plan{fail: func(*Run, any) error { return copyError(err) }}
	}
	for _, level := range levels {
		var kept []*binding
		for _, f := range level {
			if f.NoKwargs != first.NoKwargs {
				return &plan{fail: ambiguous(name)}
			}
			b := r.bind(f, p.args, p.kwargs)
			if b == nil {
				continue
			}
			if !p.agree(b) {
				return &plan{fail: ambiguous(name)}
			}
			p.hosts = p.hosts || b.looksAtHosts()
			p.values = p.values || b.looksAtValues()
			kept = append(kept, b)
		}
		if kept != nil {
			p.levels = append(p.levels, kept)
		}
	}
	if p.levels == nil {
		return &plan{fail: noMatch(name)}
	}
	p.two = len(p.args) == 2 && len(p.kwargs) == 0 && !p.lazy[0] && !p.lazy[1] && isExpr(p.args[0]) && isExpr(p.args[1])
	return p
}

func isExpr(v any) bool {
	_, ok := v.(*Expr)
	return ok
}

// translate takes the named arguments out of args: rules whose source is a keyword.
func translate(noKwargs bool, args []any, kwargs []Kwarg) ([]any, []Kwarg, error) {
	if noKwargs {
		if len(kwargs) > 0 {
			return nil, nil, Errorf(ArgumentError, "Invalid argument %s", kwargs[0].Name)
		}
		return args, nil, nil
	}
	n := 0
	for _, a := range args {
		if x, ok := a.(*Expr); ok && x.op == opRule {
			n++
		}
	}
	if n == 0 {
		return args, kwargs, nil
	}
	positional, named := make([]any, 0, len(args)-n), make([]Kwarg, 0, n+len(kwargs))
	for _, a := range args {
		x, ok := a.(*Expr)
		if !ok || x.op != opRule {
			positional = append(positional, a)
			continue
		}
		source := x.args[0].(*Expr)
		if source.op != opKeyword {
			return nil, nil, Errorf(MappingTranslation, "Cannot convert mapping to keyword argument")
		}
		named = setKwarg(named, source.value.(string), x.args[1])
	}
	for _, k := range kwargs {
		if kwargIndex(named, k.Name) >= 0 {
			return nil, nil, Errorf(MappingTranslation, "Cannot convert mapping to keyword argument")
		}
		named = append(named, k)
	}
	return positional, named, nil
}

func setKwarg(list []Kwarg, name string, value any) []Kwarg {
	if i := kwargIndex(list, name); i >= 0 {
		list[i].Value = value
		return list
	}
	return append(list, Kwarg{name, value})
}

func kwargIndex(list []Kwarg, name string) int {
	for i := range list {
		if list[i].Name == name {
			return i
		}
	}
	return -1
}

// agree notes which arguments are lazy, or checks that the binding has the same ones.
func (p *plan) agree(b *binding) bool {
	if p.lazy == nil {
		p.lazy, p.kwLazy = make([]bool, len(b.args)), make([]bool, len(b.kwargs))
		for i, param := range b.args {
			p.lazy[i] = param.Type.role.lazy()
		}
		for i, param := range b.kwargs {
			p.kwLazy[i] = param.Type.role.lazy()
		}
		return true
	}
	for i, param := range b.args {
		if p.lazy[i] != param.Type.role.lazy() {
			return false
		}
	}
	for i, param := range b.kwargs {
		if p.kwLazy[i] != param.Type.role.lazy() {
			return false
		}
	}
	return true
}

func (b *binding) looksAtValues() bool {
	where := func(p *Param) bool { return p.Type.where != nil }
	return slices.ContainsFunc(b.args, where) || slices.ContainsFunc(b.kwargs, where)
}

func (b *binding) looksAtHosts() bool {
	for _, p := range b.args {
		if p.Type.host != nil {
			return true
		}
	}
	for _, p := range b.kwargs {
		if p.Type.host != nil {
			return true
		}
	}
	return false
}
