package engine_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// TestPreviewIsExact makes stacks from random pairs of templates and compares what the
// preview of the update from one to the other said with what the update then did, in all
// nested stacks. PREVIEW_PAIRS is how many pairs there are on SQLite (1,000), PREVIEW_SEED
// the first of their numbers: a pair is made from its number alone.
func TestPreviewIsExact(t *testing.T) {
	pairs, _ := strconv.Atoi(cmp.Or(os.Getenv("PREVIEW_PAIRS"), "1000"))
	seed, _ := strconv.ParseUint(cmp.Or(os.Getenv("PREVIEW_SEED"), "1"), 10, 64)
	const labs, sample = 4, 50
	t.Run("sqlite", func(t *testing.T) {
		exactPairs(t, labs, seed, pairs, func() *store.Store { return storetest.Open(t, storetest.SQLite(t)) })
	})
	t.Run("postgres", func(t *testing.T) {
		exactPairs(t, 1, seed, min(pairs, sample), func() *store.Store { return storetest.Open(t, storetest.Postgres(t)) })
	})
}

// exactPairs tries so many pairs, on so many engines at once.
func exactPairs(t *testing.T, labs int, seed uint64, pairs int, open func() *store.Store) {
	numbers := make(chan uint64)
	var wait sync.WaitGroup
	for range labs {
		l := enginetest.New(t, open(), enginetest.Types(t, heat.Types), nil)
		wait.Go(func() {
			for n := range numbers {
				p := newPair(n)
				if err := p.try(t, l); err != nil {
					t.Errorf("pair %d: %v\n%s", n, err, p)
				}
			}
		})
	}
	for i := range uint64(pairs) {
		if t.Failed() && os.Getenv("PREVIEW_PAIRS") == "" {
			break
		}
		numbers <- seed + i
	}
	close(numbers)
	wait.Wait()
}

// pair is a stack before and after an update.
type pair struct {
	number        uint64
	before, after side
}

// side is a template with its files and parameters.
type side struct {
	text  string
	files map[string]string
	word  string
	on    bool
}

func (p *pair) String() string { return fmt.Sprintf("--- before\n%s--- after\n%s", p.before, p.after) }

func (s side) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "word: %s, lit: %t\n%s", s.word, s.on, s.text)
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		fmt.Fprintf(&b, "# %s\n%s", name, s.files[name])
	}
	return b.String()
}

func (s side) request(l *enginetest.Lab, name string) engine.CreateRequest {
	r := l.Request(name, s.text, "word", s.word, "lit", s.on)
	r.Files = s.files
	return r
}

// try creates, previews, updates and compares; then it does the same once more with
// nothing changed.
func (p *pair) try(t *testing.T, l *enginetest.Lab) error {
	ctx := t.Context()
	s, err := l.Engine.Create(ctx, l.Caller, p.before.request(l, fmt.Sprintf("p%d", p.number)))
	if err != nil {
		return err
	}
	ref := engine.StackRef{ID: s.ID}
	if s, err = l.Await(ctx, s.ID); err != nil || s.State() != "CREATE_COMPLETE" && !strings.Contains(s.StatusReason, "Test Resource failed") {
		return errors.Join(err, fmt.Errorf("%s: %s", s.State(), s.StatusReason))
	}
	r := engine.UpdateRequest{TemplateRequest: p.after.request(l, "").TemplateRequest}
	before, err := quiet(t, l, s)
	if err != nil {
		return err
	}
	for _, turn := range []string{"first", "again"} {
		foreseen, err := l.PreviewUpdate(ctx, l.Caller, ref, r, true)
		if err != nil {
			return err
		}
		if again, err := treeOf(t, l, s); err != nil || !maps.Equal(before, again) {
			return fmt.Errorf("the preview changed something: %w", err)
		}
		if err := l.Engine.Update(ctx, l.Caller, ref, r); err != nil {
			return err
		}
		if s, err = l.Await(ctx, s.ID); err != nil || s.State() != "UPDATE_COMPLETE" {
			return errors.Join(err, fmt.Errorf("%s: %s", s.State(), s.StatusReason))
		}
		after, err := treeOf(t, l, s)
		if err != nil {
			return err
		}
		said, done := listed(foreseen), executed(before, after)
		if !slices.Equal(said, done) {
			return fmt.Errorf("%s update\nsaid %v\ndone %v", turn, without(said, done), without(done, said))
		}
		if turn == "again" && (len(foreseen.Updated)+len(foreseen.Replaced)+len(foreseen.Added)+len(foreseen.Deleted) > 0 || !maps.Equal(before, after)) {
			return fmt.Errorf("an update to the same is not empty: %v", said)
		}
		before = after
	}
	return nil
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return slices.Contains(other, x) })
}

// listed are the changes that a preview lists, as "parent/name change": the name of the
// nested stack's resource is enough of a path, as names differ between levels.
func listed(c *engine.Changes) []string {
	var out []string
	for change, list := range map[string][]engine.PreviewResource{
		"unchanged": c.Unchanged, "updated": c.Updated, "replaced": c.Replaced, "added": c.Added, "deleted": c.Deleted,
	} {
		for _, r := range list {
			out = append(out, place(r.ParentName)+"/"+place(r.Name)+" "+change)
		}
	}
	slices.Sort(out)
	return out
}

// place is a resource's name; of the members of a scaling group, which is a random one, what
// all of them have in common.
func place(name string) string {
	if len(name) == len(resource.ShortID(uuid.NewString())) {
		return "*"
	}
	return name
}

// found is a resource of a tree of stacks: that it is another one shows in row, that
// something was done to it in state.
type found struct{ row, stack, parent, name, child, state string }

// treeOf reads every resource of a stack and of those under it, by row.
func treeOf(t *testing.T, l *enginetest.Lab, s *core.Stack) (map[string]found, error) {
	views, err := l.Engine.Resources(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, engine.ResourceFilter{NestedDepth: 9}, false)
	out := map[string]found{}
	for _, v := range views {
		f := found{row: v.ID, stack: v.StackID, parent: v.Parent, name: v.Name, state: v.State() + " " + v.UpdatedAt.String() + " " + v.PhysicalID}
		if v.Nested != nil {
			f.child = v.Nested.StackID
		}
		out[f.row] = f
	}
	return out, err
}

// quiet is treeOf when nothing is at work any more: nested stacks are told late that their
// stack has failed.
func quiet(t *testing.T, l *enginetest.Lab, s *core.Stack) (map[string]found, error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		tree, err := treeOf(t, l, s)
		if err != nil || time.Now().After(deadline) {
			return nil, errors.Join(err, errors.New("nested stacks go on"))
		}
		busy := false
		for _, f := range tree {
			busy = busy || strings.Contains(f.state, "IN_PROGRESS")
			if f.child != "" && !busy {
				child, err := l.Walker.Store.FindStack(t.Context(), f.child)
				if err != nil {
					return nil, err
				}
				busy = child.Status == core.InProgress
			}
		}
		if !busy {
			return tree, nil
		}
	}
}

// executed are the changes between two trees in the form of listed. Of a resource that was
// replaced, what was under it is deleted and what is under it now is added.
func executed(before, after map[string]found) []string {
	type key struct{ stack, name string }
	old, now := map[key]found{}, map[key]found{}
	for _, f := range before {
		old[key{f.stack, f.name}] = f
	}
	for _, f := range after {
		now[key{f.stack, f.name}] = f
	}
	var out []string
	add := func(f found, change string) { out = append(out, place(f.parent)+"/"+place(f.name)+" "+change) }
	for at, f := range old {
		is, ok := now[at]
		switch {
		case !ok:
			add(f, "deleted")
		case strings.HasPrefix(f.state, "INIT_"):
			add(f, "added")
		case is.row != f.row:
			add(f, "replaced")
		case is.state != f.state:
			add(f, "updated")
		default:
			add(f, "unchanged")
		}
	}
	for at, f := range now {
		if _, ok := old[at]; !ok {
			add(f, "added")
		}
	}
	slices.Sort(out)
	return out
}

// newPair makes a pair of templates: the second is the first with some changes, or another.
func newPair(number uint64) *pair {
	r := rand.New(rand.NewPCG(number, number))
	a := randomStack(r)
	b := a.clone()
	for range 1 + r.IntN(4) {
		b.mutate(r)
	}
	if r.IntN(6) == 0 {
		a.fails = a.other(r, r.IntN(deepest))
	}
	return &pair{number, a.side(), b.side()}
}
