package converge

import (
	"context"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/store"
	"hearth/core/yaml"
)

// decide says what is to be done for a claimed node, and notes that it is begun. Errors
// of the resource's definition are the step's; an error is one of the store. There is no
// step for a node that a hook holds.
func (r *roundTx) decide(ctx context.Context, n store.Node) (*step, error) {
	row := r.rows.byID[n.ResourceID]
	if row == nil { // its object is gone and so is its row
		return &step{stack: r.p.stack.Name, node: n, row: &core.Resource{ID: n.ResourceID, StackID: r.walk.StackID}}, nil
	}
	if held, err := r.holdBefore(ctx, n, row); held || err != nil {
		return nil, err
	}
	copied := *row
	if passed(n) {
		return &step{stack: r.p.stack.Name, node: n, row: &copied}, nil
	}
	s := &step{stack: r.p.stack.Name, node: n, row: &copied, asked: n.Phase == store.Ending, resumed: n.Attempt > 1 && n.Phase == store.Begin}
	if ok, err := r.handedOn(ctx, n, s); ok || err != nil {
		return s, err
	}
	if n.Kind == store.Cleanup {
		return s, r.decideCleanup(s)
	}
	if n.Kind == store.Visit {
		return s, r.decideVisit(s)
	}
	return s, r.decideConverge(ctx, s)
}

// decideConverge compares what the template means with what the row is.
func (r *roundTx) decideConverge(ctx context.Context, s *step) error {
	t, name := r.p.target, s.row.Name
	rt := runtime{r.rows, t}
	s.typ = t.Type(name)
	s.behaviour = s.typ.New()
	s.digest, s.paths = t.Digest(name), t.AttributePaths(name)
	given, props, problems := t.CheckProperties(name, rt, nil)
	if problems.HasErrors() {
		return r.refuse(s, problems.Err())
	}
	s.props, s.given = props, given
	metadata, err := t.Metadata(name, rt)
	if err != nil {
		return r.refuse(s, core.Errorf(core.Invalid, "TypeError", "%s", err))
	}
	external, err := t.ExternalID(name, rt)
	if err != nil {
		return r.refuse(s, err)
	}
	s.fingerprint = t.Fingerprint(name, given, rt)
	again := s.row.Action == core.Adopt && s.row.Status == core.Failed && r.adopts(s)
	if s.row.Action != core.Init && !again && !s.asked && !(s.resumed && s.row.Status == core.InProgress) {
		return r.decideUpdate(ctx, s, metadata, external)
	}
	r.note(s)
	switch {
	case s.asked:
		return r.again(s)
	case external == "" && r.adopts(s):
		return r.start(s, adopt, core.Adopt, nil)
	case s.row.Action == core.Init, s.row.Action == core.Create:
		if external != "" {
			s.row.PhysicalID, s.row.External = external, true
			return r.start(s, accept, core.Check, metadata)
		}
		if err := r.findReplaced(ctx, s); err != nil {
			return err
		}
		return r.start(s, create, core.Create, metadata)
	}
	return r.decideUpdate(ctx, s, metadata, external)
}

// decideUpdate says whether a row that has an object stays, changes or is replaced.
func (r *roundTx) decideUpdate(ctx context.Context, s *step, metadata *yaml.Map, external string) error {
	t, name := r.p.target, s.row.Name
	noted := metadata
	if had, known := plan.ParseFingerprint(s.row.Definition); !s.typ.MetadataFollows || known && had.Metadata == s.fingerprint.Metadata {
		noted = nil // it stays: a signal may have changed it since
	}
	if err := r.context(s, noted); err != nil {
		return err
	}
	old := decodeMap(s.row.Properties)
	s.c.Old = resource.NewValues(old)
	c := plan.Case{Row: s.row, Type: s.typ, Old: old, Props: s.props, Digest: s.digest, Fingerprint: s.fingerprint,
		ExternalID: external, Restricted: t.Environment.Registry.RestrictedActions(name),
		Converge: r.p.stack.Converge, Resumed: s.resumed && s.row.Action == core.Update && s.row.Status == core.InProgress,
		Context: func() *resource.Context { return s.c }}
	if _, isParent := s.behaviour.(resource.Parent); isParent {
		child, err := r.tx.FindChild(ctx, s.row.ID)
		if err != nil {
			return err
		}
		if child != nil {
			c.Child = child.State()
		}
	}
	v := plan.Judge(c)
	if v.Refused != nil {
		s.kept = v.Kept
		return r.refuse(s, v.Refused)
	}
	r.note(s)
	if v.Change != plan.Replaced {
		if err := r.findRestored(ctx, s); err != nil {
			return err
		}
	}
	if a := r.assessment(s, c, v); a != nil {
		s.assess, s.verb = a, update
		return nil
	}
	switch {
	case v.Change == plan.Replaced:
		if ok, err := r.takeBack(ctx, s, metadata); ok || err != nil {
			return err
		}
		return r.replace(ctx, s, metadata)
	case v.Change == plan.Unchanged:
		return r.unchanged(s, noted)
	case v.Definition:
		return r.started(s, define, core.Update)
	}
	s.changed = v.Changed
	return r.started(s, update, core.Update)
}

// unchanged leaves the object alone; the row takes over what is new about it.
func (r *roundTx) unchanged(s *step, metadata *yaml.Map) error {
	s.row.Digest, s.row.Definition = s.digest, s.fingerprint.String()
	s.row.Metadata, s.row.Data = nil, nil
	if metadata != nil {
		s.row.Metadata, _ = yaml.EncodeJSON(metadata)
	}
	if b, err := yaml.EncodeJSON(s.props); err == nil {
		s.row.Properties = b // 0 and 0.0 are the same value, shown as it is given
	}
	if plan.HasAttributes(s.row, s.paths) && s.restored == nil {
		s.verb = nothing
		r.save = append(r.save, s.row)
		r.rows.put(s.row)
		return nil
	}
	s.verb = refresh
	return nil
}

// replace goes on with another row of the same name; the old one is cleaned up later.
func (r *roundTx) replace(ctx context.Context, s *step, metadata *yaml.Map) error {
	old := *s.row
	now := r.w.Now().UTC()
	next := &core.Resource{ID: uuid.NewString(), StackID: old.StackID, RootID: old.RootID, Name: old.Name, Index: old.Index,
		Replaces: old.ID, Action: core.Init, Status: core.Complete, CreatedAt: now, UpdatedAt: now}
	old.ReplacedBy = next.ID
	old.Metadata, old.Data = nil, nil
	if err := r.tx.MoveNode(ctx, r.walk, s.node, next.ID); err != nil {
		return err
	}
	r.rows.put(&old)
	r.rows.put(next)
	r.save = append(r.save, &old)
	s.row = next
	s.node.ResourceID = next.ID
	r.note(s)
	if err := r.findReplaced(ctx, s); err != nil {
		return err
	}
	return r.start(s, create, core.Create, metadata)
}

// findReplaced looks up what a create replaces, where the type wants to prepare it.
func (r *roundTx) findReplaced(ctx context.Context, s *step) error {
	if s.row.Replaces == "" {
		return nil
	}
	list, err := r.tx.ResourcesByID(ctx, []string{s.row.Replaces})
	if err != nil || len(list) == 0 {
		return err
	}
	old := &list[0]
	typ := r.w.classType(old)
	behaviour, ok := typ.New().(resource.ReplacePreparer)
	if !ok || old.PhysicalID == "" {
		return nil
	}
	c, err := r.w.context(&r.p.stack, old, typ)
	if err != nil {
		return err
	}
	s.replaced = &replaced{row: old, behaviour: behaviour, c: c}
	return nil
}

// replaceLate does what replace does for a step that learned it from the cloud: the node
// becomes ready again with a new row.
func (r *roundTx) replaceLate(ctx context.Context, s *step) error {
	next := &core.Resource{ID: uuid.NewString(), StackID: s.row.StackID, RootID: s.row.RootID, Name: s.row.Name, Index: s.row.Index,
		Type: s.row.Type, Class: s.row.Class, Requires: s.row.Requires, Replaces: s.row.ID, Action: core.Init, Status: core.Complete,
		CreatedAt: r.w.Now().UTC(), UpdatedAt: r.w.Now().UTC()}
	ok, err := r.putBack(ctx, s, store.Begin, next.ID, 0)
	if err != nil || !ok {
		return err
	}
	s.absorb()
	s.row.Status, s.row.ReplacedBy = core.Complete, next.ID
	r.rows.put(s.row)
	r.rows.put(next)
	r.save = append(r.save, s.row, next)
	return nil
}

// decideCleanup deletes a row's object unless the row is what the template means.
func (r *roundTx) decideCleanup(s *step) error {
	row, t := s.row, r.p.target
	current := row.ReplacedBy == "" && t != nil && t.Definition(row.Name) != nil
	switch {
	case current, row.Action == core.Delete && row.Status == core.Complete:
		return nil
	case row.Action == core.Init:
		row.Action, row.Status = core.Delete, core.Complete
		r.keepQuietly(s)
		return nil
	case row.External, row.DeletionPolicy == "Retain":
		row.Action, row.Status, row.StatusReason, row.UpdatedAt = core.Delete, core.Complete, "state changed", r.w.Now().UTC()
		r.events = append(r.events, resourceEvent(s.stack, row, row.UpdatedAt, nil))
		r.keepQuietly(s)
		return nil
	}
	s.typ = r.w.classType(row)
	s.behaviour = s.typ.New()
	s.props = decodeMap(row.Properties)
	s.given = s.props
	if err := r.context(s, nil); err != nil {
		return err
	}
	if s.asked {
		s.verb = remove
		_, err := r.tryAgain(s)
		return err
	}
	return r.started(s, remove, core.Delete)
}

// keepQuietly takes a row whose end is decided without a call.
func (r *roundTx) keepQuietly(s *step) {
	s.row.Metadata, s.row.Data = nil, nil
	r.rows.put(s.row)
	r.mine[s.row.ID] = true
	r.save = append(r.save, s.row)
}

// note writes into the row what the template says about it.
func (r *roundTx) note(s *step) {
	t, name := r.p.target, s.row.Name
	d := t.Definition(name)
	s.row.Type = d.Type
	if s.row.Action == core.Init {
		s.row.Class = s.typ.Class()
	}
	s.row.DeletionPolicy = d.DeletionPolicy
	s.row.Requires = []string{}
	for _, need := range t.Requires(name) {
		if other := r.rows.current[need]; other != nil {
			s.row.Requires = append(s.row.Requires, other.ID)
		}
	}
}

// start begins an action with the properties of the template.
func (r *roundTx) start(s *step, v verb, a core.Action, metadata *yaml.Map) error {
	if err := r.context(s, metadata); err != nil {
		return err
	}
	b, err := yaml.EncodeJSON(s.props)
	if err != nil {
		return err
	}
	s.row.Properties = b
	return r.started(s, v, a)
}

// started notes that an action is in progress, once.
func (r *roundTx) started(s *step, v verb, a core.Action) error {
	s.verb = v
	if s.row.Action == a && s.row.Status == core.InProgress && s.resumed {
		return nil
	}
	now := r.w.Now().UTC()
	s.row.Action, s.row.Status, s.row.StatusReason, s.row.UpdatedAt = a, core.InProgress, "state changed", now
	s.c.Action, s.c.Started = a, now
	begun := *s.row
	begun.Data = nil
	begun.Metadata = nil
	if a == core.Create && s.c.Metadata != nil {
		begun.Metadata, _ = yaml.EncodeJSON(s.c.Metadata)
	}
	r.save = append(r.save, &begun)
	r.rows.put(&begun)
	r.events = append(r.events, resourceEvent(s.stack, s.row, now, s.masked()))
	return nil
}

// again goes on with an action that has begun. The metadata stays as it is stored: a
// signal may have changed it since.
func (r *roundTx) again(s *step) error {
	switch s.row.Action {
	case core.Update:
		s.verb = update
	case core.Check:
		s.verb = accept
	case core.Delete:
		s.verb = undo
	default:
		s.verb = create
	}
	old := decodeMap(s.row.Properties)
	if err := r.context(s, nil); err != nil {
		return err
	}
	if ok, err := r.tryAgain(s); ok || err != nil {
		return err
	}
	s.c.Old = resource.NewValues(old)
	if s.verb == update {
		s.changed = plan.Compare(s.typ, old, s.props).Changed
	}
	return nil
}

// refuse fails a resource before anything is done for it.
func (r *roundTx) refuse(s *step, err error) error {
	s.err = err
	if s.kept {
		return nil
	}
	if s.row.Action == core.Init {
		s.row.Action = core.Create
		s.row.Type, s.row.Class = r.p.target.Definition(s.row.Name).Type, s.typ.Class()
	} else if s.row.Action != core.Create || s.row.Status != core.InProgress {
		s.row.Action = core.Update
	}
	s.row.Metadata, s.row.Data = nil, nil
	return nil
}

func decodeMap(b []byte) *yaml.Map {
	if len(b) == 0 {
		return nil
	}
	v, err := yaml.DecodeJSON(b)
	if err != nil {
		return nil
	}
	m, _ := v.(*yaml.Map)
	return m
}
