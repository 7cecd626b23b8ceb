package scenariotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/yaml"
)

// Play plays a scenario on a Lab of its own.
func Play(ctx context.Context, st *store.Store, text string) error {
	l, err := New(st)
	if err != nil {
		return err
	}
	a := readArchive(text)
	if strings.TrimSpace(a.comment) == "" {
		return errors.New("the scenario does not say what it is about")
	}
	p := &player{Lab: l, files: map[string]string{}, worker: "w1"}
	for name, body := range a.files {
		if strings.HasSuffix(name, ".yaml") {
			p.files[name] = body
		}
	}
	n := 0
	for line := range strings.Lines(a.files["script"]) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.line(ctx, line); err != nil {
			return fmt.Errorf("script line %d, %q: %w", n, line, err)
		}
	}
	return l.Sound(ctx)
}

// player plays one script.
type player struct {
	*Lab
	files  map[string]string
	worker string // who takes turns when nobody is named
	reason string // of the stack verified last
}

// words are the words of a script: how many arguments each needs at least, and what it does.
var words = map[string]struct {
	needs int
	do    func(p *player, ctx context.Context, args []string) error
}{
	"create_stack":            {2, (*player).create},
	"update_stack":            {2, (*player).update},
	"delete_stack":            {1, func(p *player, ctx context.Context, a []string) error { return p.Delete(ctx, a[0]) }},
	"rollback_stack":          {1, func(p *player, ctx context.Context, a []string) error { return p.Rollback(ctx, a[0]) }},
	"cancel_update":           {1, act("cancel_update")},
	"cancel_without_rollback": {1, act("cancel_without_rollback")},
	"suspend":                 {1, act("suspend")},
	"resume":                  {1, act("resume")},
	"check":                   {1, act("check")},
	"signal":                  {2, (*player).signal},

	"noop":        {1, (*player).noop},
	"run":         {0, func(p *player, ctx context.Context, a []string) error { return p.Run(ctx, p.who(a, 0)) }},
	"advance":     {1, (*player).advance},
	"take":        {1, (*player).take},
	"call":        {1, func(p *player, ctx context.Context, a []string) error { return p.Call(ctx, a[0]) }},
	"commit":      {1, func(p *player, ctx context.Context, a []string) error { return p.Commit(ctx, a[0]) }},
	"kill_worker": {1, func(p *player, _ context.Context, a []string) error { p.Kill(a[0]); return nil }},
	"stall":       {1, func(p *player, _ context.Context, a []string) error { p.Stall(a[0]); return nil }},

	"fail": {2, faulty(failing)},
	"lose": {2, faulty(losing)},
	"slow": {3, faulty(slow)},
	"hang": {2, faulty(hanging)},
	"mend": {0, func(p *player, _ context.Context, _ []string) error { p.Reality.mend(); return nil }},

	"verify":  {2, (*player).verify},
	"reason":  {1, (*player).checkReason},
	"row":     {3, (*player).row},
	"objects": {0, (*player).objects},
	"calls":   {0, (*player).calls},
	"due":     {1, (*player).checkDue},
}

func (p *player) line(ctx context.Context, line string) error {
	fields := strings.Fields(line)
	refused := fields[0] == "!"
	if refused {
		fields = fields[1:]
	}
	w, ok := words[fields[0]]
	if !ok || len(fields)-1 < w.needs {
		return errors.New("this means nothing")
	}
	err := w.do(p, ctx, fields[1:])
	if !refused {
		return err
	}
	if e, ok := errors.AsType[*core.Error](err); !ok || e.Code == core.Internal {
		return fmt.Errorf("this is not refused: %w", err)
	}
	return nil
}

func act(action string) func(*player, context.Context, []string) error {
	return func(p *player, ctx context.Context, a []string) error { return p.Act(ctx, a[0], action) }
}

func faulty(kind string) func(*player, context.Context, []string) error {
	return func(p *player, _ context.Context, a []string) (err error) {
		f := fault{kind: kind, verb: a[0], name: a[1]}
		if kind == slow {
			f.asks, err = strconv.Atoi(a[2])
		}
		p.Reality.add(f)
		return err
	}
}

// wanted reads FILE [rollback] [timeout=MINUTES] [parameter=value…].
func (p *player) wanted(a []string) (Wanted, error) {
	w := Wanted{File: a[0], Files: p.files, Parameters: yaml.NewMap(len(a))}
	if p.files[a[0]] == "" {
		return w, fmt.Errorf("there is no file %s", a[0])
	}
	for _, x := range a[1:] {
		k, v, _ := strings.Cut(x, "=")
		switch k {
		case "rollback":
			w.Rollback = true
		case "timeout":
			n, err := strconv.Atoi(v)
			if err != nil {
				return w, err
			}
			w.Timeout = &n
		default:
			w.Parameters.Set(k, v)
		}
	}
	return w, nil
}

func (p *player) create(ctx context.Context, a []string) error {
	w, err := p.wanted(a[1:])
	if err != nil {
		return err
	}
	return p.Create(ctx, a[0], w)
}

func (p *player) update(ctx context.Context, a []string) error {
	w, err := p.wanted(a[1:])
	if err != nil {
		return err
	}
	return p.Update(ctx, a[0], w)
}

func (p *player) signal(ctx context.Context, a []string) error {
	body := yaml.NewMap(len(a))
	for _, x := range a[2:] {
		k, v, _ := strings.Cut(x, "=")
		body.Set(k, v)
	}
	return p.Engine.Signal(ctx, p.Caller, p.ref(a[0]), a[1], body)
}

func (p *player) who(a []string, i int) string {
	if len(a) > i {
		p.worker = a[i]
	}
	return p.worker
}

func (p *player) noop(ctx context.Context, a []string) error {
	n, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	name := p.who(a, 1)
	for i := range n {
		worked, err := p.Turn(ctx, name)
		if err != nil {
			return err
		}
		if !worked {
			return fmt.Errorf("nothing was due after %d turns", i)
		}
	}
	return nil
}

func (p *player) advance(ctx context.Context, a []string) error {
	d, err := time.ParseDuration(a[0])
	if err != nil {
		return err
	}
	return p.Advance(ctx, d)
}

func (p *player) take(ctx context.Context, a []string) error {
	for range maxTurns {
		held, worked, err := p.Take(ctx, a[0])
		if err != nil {
			return err
		}
		if !worked {
			return errors.New("nothing is due")
		}
		if !held {
			continue
		}
		if len(a) == 1 || p.Lab.worker(a[0]).turn.Resource() == a[1] {
			return nil
		}
		if err := p.Call(ctx, a[0]); err != nil {
			return err
		}
		if err := p.Commit(ctx, a[0]); err != nil {
			return err
		}
	}
	return errors.New("its turn does not come")
}

func (p *player) verify(ctx context.Context, a []string) error {
	if err := p.Verify(ctx, a[0], a[1]); err != nil {
		return err
	}
	s, err := p.stack(ctx, a[0])
	if err != nil {
		return err
	}
	p.reason = s.StatusReason
	if len(a) == 2 {
		return nil
	}
	w, err := p.wanted(a[2:])
	if err != nil {
		return err
	}
	return p.Fits(ctx, a[0], w)
}

func (p *player) checkReason(_ context.Context, a []string) error {
	if want := strings.Join(a, " "); p.reason != want {
		return fmt.Errorf("the reason is %q", p.reason)
	}
	return nil
}

func (p *player) row(ctx context.Context, a []string) error {
	s, err := p.stack(ctx, a[0])
	if err != nil {
		return err
	}
	r, err := p.Store.FindResource(ctx, s.ID, a[1])
	if err != nil {
		return err
	}
	if r == nil || r.State() != a[2] {
		return fmt.Errorf("the row is %+v", r)
	}
	return nil
}

func (p *player) objects(_ context.Context, a []string) error {
	var ids []string
	for _, o := range p.Reality.Objects() {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, a) {
		return fmt.Errorf("there are: %s", strings.Join(ids, " "))
	}
	return nil
}

func (p *player) calls(_ context.Context, a []string) error {
	if made := p.Reality.Calls(); !slices.Equal(made, a) {
		return fmt.Errorf("made were: %s", strings.Join(made, " "))
	}
	return nil
}

func (p *player) checkDue(ctx context.Context, a []string) error {
	walks, err := p.due(ctx)
	if err == nil && strconv.Itoa(len(walks)) != a[0] {
		err = fmt.Errorf("due are %d", len(walks))
	}
	return err
}
