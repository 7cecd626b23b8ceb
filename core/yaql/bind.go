package yaql

// bind matches arguments with the parameters of f by number, name and syntax, and values
// by their types; nil when they do not fit.
func (r *Run) bind(f *Function, args []any, kwargs []Kwarg) *binding {
	b := &binding{function: f, args: make([]*Param, len(args)), direct: len(kwargs) == 0}
	if len(kwargs) > 0 {
		b.kwargs = make([]*Param, len(kwargs))
	}
	for i := range b.args {
		b.args[i] = f.rest
	}
	for i, p := range f.positional {
		given := i < len(args) && args[i] != NoValue
		name := kwargIndex(kwargs, p.Name)
		switch {
		case given && name >= 0:
			return nil
		case given:
			b.args[i] = p
		case name >= 0:
			b.kwargs[name] = p
		case !p.Optional:
			return nil
		case i < len(args):
			b.args[i], b.direct = p, false
		}
	}
	for i, p := range b.kwargs {
		if p != nil {
			continue
		}
		if f.named == nil || !r.accepts(f.named, kwargs[i].Value) {
			return nil
		}
		b.kwargs[i] = f.named
	}
	for i, p := range b.args {
		if p == nil {
			return nil
		}
		v := args[i]
		if v == NoValue {
			b.direct = false
			if p.Optional {
				v = p.Default
			}
		}
		if !r.accepts(p, v) {
			return nil
		}
	}
	b.binary = b.direct && f.Binary != nil && len(b.args) == 2 && len(f.positional) == 2 &&
		b.args[0].Type.role == roleValue && (b.args[1].Type.role == roleValue || b.args[1].Type.role == roleKeyword)
	return b
}

func (r *Run) accepts(p *Param, v any) bool {
	if x, ok := v.(*Expr); ok {
		return p.Type.fitsSyntax(x, r.Engine)
	}
	return p.Type.fits(v, KindOf(v), r.Engine)
}

// choose does step 4 of the resolution.
func (r *Run) choose(p *plan, args []any, kwargs []Kwarg) (best *binding, ambiguous bool) {
	for _, level := range p.levels {
		for _, b := range level {
			if !r.fits(b, args, kwargs) {
				continue
			}
			if best != nil {
				if best.specializes(b) {
					continue
				}
				if !b.specializes(best) {
					return nil, true
				}
			}
			best = b
		}
		if best != nil {
			return best, false
		}
	}
	return nil, false
}

// fits checks the values against the parameters, and that every parameter has one.
func (r *Run) fits(b *binding, args []any, kwargs []Kwarg) bool {
	for i, p := range b.args {
		if args[i] == NoValue && p.Optional {
			continue
		}
		if !r.accepts(p, args[i]) {
			return false
		}
	}
	for i, p := range b.kwargs {
		if !r.accepts(p, kwargs[i].Value) {
			return false
		}
	}
	return true
}

// specializes reports whether b is more special than o: in some parameter, and less so in
// none.
func (b *binding) specializes(o *binding) bool {
	special := false
	for i := range min(len(b.args), len(o.args)) {
		x, y := &b.args[i].Type, &o.args[i].Type
		switch {
		case y.specializes(x):
			return false
		case x.specializes(y):
			special = true
		}
	}
	for i := range b.kwargs {
		x, y := &b.kwargs[i].Type, &o.kwargs[i].Type
		switch {
		case y.specializes(x):
			return false
		case x.specializes(y):
			special = true
		}
	}
	return special
}
