package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/converge"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// foresight is what an update will make of one stack: every resource as it will be, found
// in the order in which the walk comes by them. Nothing is stored, and no cloud is asked but
// for what the engine itself asks before it decides (assess). It lives as long as one call.
type foresight struct {
	e        *Engine
	ctx      context.Context
	stack    *core.Stack // with an id of its own when it is not there yet
	fresh    bool        // it is not there yet
	still    bool        // nothing of it changes
	converge bool
	target   *plan.Target
	known    template.Runtime // what the rows say
	of       map[string]*outlook
	nested   map[string]*core.Stack // those that there are, by the row that each is of
	gone     []core.Resource        // rows that the target does not mean
}

// outlook is one resource as it will be.
type outlook struct {
	name      string
	typ       *resource.Type
	behaviour resource.Resource
	row       *core.Resource // that the update goes on with; of a replaced one its own
	was       *core.Resource // what stands for the name now; nil for none
	external  string

	change  plan.Change
	verdict plan.Verdict
	refused string   // why the update will fail here; "" when it will not
	unknown []string // properties that show only when the update is done
	// maybe says that the resource may as well stay as it is, or be changed less.
	maybe bool

	props *yaml.Map
	c     *resource.Context // as it will be when the update is done
	child *foresight        // its nested stack; nil when that cannot be told
}

// foresee tells what an update will make of a stack.
func (e *Engine) foresee(ctx context.Context, s *core.Stack, target *plan.Target, fresh, converging bool) (*foresight, error) {
	f := &foresight{e: e, ctx: ctx, stack: s, fresh: fresh, converge: converging, target: target, of: map[string]*outlook{}}
	rows, unsound, err := f.read()
	if err != nil {
		return nil, err
	}
	looks := plan.Looks(plan.Input{StackID: s.ID, RootID: s.RootID, Rows: rows, Target: target, Now: e.Now(), All: converging, Unsound: unsound})
	now := make([]core.Resource, len(looks))
	for i, l := range looks {
		now[i] = *l.Row
	}
	f.known = converge.Known(now)
	for _, l := range looks {
		if err := f.look(l); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		if r := &rows[i]; plan.Current(r) && target.Definition(r.Name) == nil {
			f.gone = append(f.gone, *r)
		}
	}
	return f, nil
}

// stay is foresee of a stack that is left alone.
func (e *Engine) stay(ctx context.Context, s *core.Stack) (*foresight, error) {
	target, err := e.Walker.Target(ctx, s)
	if err != nil {
		return nil, err
	}
	f := &foresight{e: e, ctx: ctx, stack: s, still: true, target: target, of: map[string]*outlook{}}
	rows, _, err := f.read()
	if err != nil {
		return nil, err
	}
	f.known = converge.Known(rows)
	for i := range rows {
		r := &rows[i]
		typ := target.Type(r.Name)
		if !plan.Current(r) || typ == nil {
			continue
		}
		f.of[r.Name] = &outlook{name: r.Name, typ: typ, behaviour: typ.New(), row: r, was: r, change: plan.Unchanged}
	}
	return f, nil
}

// read reads the rows of the stack and the nested stacks under it; unsound are the rows
// whose nested stack's last action has not succeeded.
func (f *foresight) read() (rows []core.Resource, unsound map[string]bool, err error) {
	f.nested, unsound = map[string]*core.Stack{}, map[string]bool{}
	if f.fresh {
		return nil, unsound, nil
	}
	children, err := f.e.Store.Children(f.ctx, f.stack.ID)
	if err != nil {
		return nil, nil, err
	}
	for i := range children {
		c := &children[i]
		f.nested[c.ParentResource] = c
		unsound[c.ParentResource] = c.Status != core.Complete
	}
	rows, err = f.e.Store.Resources(f.ctx, f.stack.ID)
	return rows, unsound, err
}

// look foresees one resource; those that it depends on have been.
func (f *foresight) look(l plan.Look) error {
	name := l.Row.Name
	typ := f.target.Type(name)
	o := &outlook{name: name, typ: typ, behaviour: typ.New(), row: l.Row, was: l.Was, change: plan.Unchanged}
	f.of[name] = o
	if l.Idle {
		return nil
	}
	given, props, problems := f.target.CheckProperties(name, f, nil)
	external, err := f.target.ExternalID(name, f)
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		o.change, o.refused = plan.Updated, err.Error()
		if l.Was == nil {
			o.change = plan.Added
		}
		return nil
	}
	metadata, _ := f.target.Metadata(name, f)
	o.props, o.external = props, external
	if err := f.context(o, given); err != nil {
		return err
	}
	if o.change = plan.Added; l.Row.Action != core.Init {
		if err := f.judge(o, given, metadata); err != nil {
			return err
		}
	}
	if o.change == plan.Replaced {
		next := *o.row
		next.ID, next.PhysicalID, next.Metadata, next.Data, next.Action = uuid.NewString(), "", nil, nil, core.Init
		o.row = &next
		if err := f.context(o, given); err != nil {
			return err
		}
	}
	if o.change == plan.Added || o.change == plan.Replaced {
		o.c.Metadata = metadata
	}
	if _, ok := o.behaviour.(resource.Parent); ok && o.change != plan.Unchanged && o.refused == "" {
		return f.nest(o)
	}
	return nil
}

// judge asks what the engine will ask when it comes by the resource.
func (f *foresight) judge(o *outlook, given, metadata *yaml.Map) error {
	t := f.target
	c := plan.Case{Row: o.row, Type: o.typ, Old: o.c.Old.Map(), Props: o.props, Digest: t.Digest(o.name), Fingerprint: t.Fingerprint(o.name, given, f),
		ExternalID: o.external, Restricted: t.Environment.Registry.RestrictedActions(o.name), Converge: f.converge,
		Context: func() *resource.Context { return o.c }}
	if child := f.nested[o.row.ID]; child != nil {
		c.Child = child.State()
	}
	o.verdict = plan.Judge(c)
	if err := f.assess(o, &c); err != nil {
		return err
	}
	o.change = o.verdict.Change
	if o.verdict.Refused != nil {
		o.refused = o.verdict.Refused.Error()
	}
	o.unknown, o.maybe = plan.Doubts(c, o.verdict, given, metadata)
	return nil
}

// assess asks the object what only it can tell, as the engine will: whether a failed one is
// sound, and with converge what it is really like. It only reads.
func (f *foresight) assess(o *outlook, c *plan.Case) error {
	v := &o.verdict
	if v.Change == plan.Replaced || o.row.External || !f.converge && !v.Doubtful {
		return nil
	}
	stored, err := f.e.Walker.Context(f.ctx, f.stack, o.row, o.typ)
	if err != nil {
		return err
	}
	here := *o.c
	here.Cloud, here.Data = stored.Cloud, maps.Clone(o.c.Data)
	if v.Doubtful {
		sound, err := o.behaviour.(resource.Salvager).Sound(f.ctx, &here)
		if err != nil {
			return nil // it stays in doubt
		}
		if v.Doubtful = false; !sound {
			*v = plan.Verdict{Change: plan.Replaced, Reason: core.State(o.row.Action, o.row.Status)}
			return nil
		}
	}
	if !f.converge {
		return nil
	}
	old, gone, err := converge.Observed(f.ctx, o.behaviour, &here)
	switch {
	case err != nil:
		return err
	case gone:
		*v = plan.Verdict{Change: plan.Replaced, Reason: "the object is gone"}
		return nil
	}
	c.Old, o.c.Old = old, resource.NewValues(old)
	*v = plan.Judge(*c)
	v.Doubtful = false
	return nil
}

// context makes the context that the resource's type will see, without a cloud and without
// a way to store anything.
func (f *foresight) context(o *outlook, given *yaml.Map) error {
	here := *o.typ
	here.Service = "" // no client is made
	c, err := f.e.Walker.Context(f.ctx, f.stack, o.row, &here)
	if err != nil {
		return err
	}
	c.OpenCloud, c.Whole, c.Files = nil, true, f.target.Files
	c.Old = c.Properties
	c.Properties, c.Given = resource.NewValues(o.props), resource.NewValues(given)
	c.UpdatePolicy = resource.NewValues(f.target.UpdatePolicy(o.name, o.typ, f))
	if c.Action = core.Update; o.row.Action == core.Init {
		c.Action, c.Old = core.Create, resource.Values{}
	}
	o.c = c
	return nil
}

// nest foresees the nested stack of a resource that is added or changed.
func (f *foresight) nest(o *outlook) error {
	there := f.nested[o.row.ID]
	spec, err := o.behaviour.(resource.Parent).Child(f.ctx, o.c)
	if core.ErrorCode(err) == core.Invalid {
		o.refused = err.Error()
		return nil
	}
	if err != nil || spec == nil || f.stack.NestedDepth >= f.e.Limits.NestedDepth {
		return err
	}
	s := there
	if s == nil {
		id := uuid.NewString()
		s = &core.Stack{ID: id, Name: f.stack.Name + "-" + o.name + "-" + resource.ShortID(id), ProjectID: f.stack.ProjectID, UserID: f.stack.UserID,
			OwnerID: f.stack.ID, RootID: f.stack.RootID, ParentResource: o.row.ID, NestedDepth: f.stack.NestedDepth + 1, TimeoutMins: f.stack.TimeoutMins}
	}
	src, err := plan.ChildSource(f.target, o.name, spec, f.e.pseudo(s))
	if err != nil {
		return err
	}
	t, problems := plan.Load(src, f.e.Types)
	if t == nil {
		if !schema.HasUnknown(o.props) { // else it cannot be told what it will be
			o.refused = problems.Err().Error()
		}
		return nil
	}
	if o.child, err = f.e.foresee(f.ctx, s, t, there == nil, f.converge); err != nil {
		return err
	}
	o.c.Children, o.c.PhysicalID = o.child, s.ID
	return nil
}

// names are the resources, in template order.
func (f *foresight) names() []string {
	if !f.still {
		return f.target.Names()
	}
	out := make([]string, 0, len(f.of))
	for name := range f.of {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int { return f.of[a].row.Index - f.of[b].row.Index })
	return out
}
