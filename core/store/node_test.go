package store_test

import (
	"context"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

// walk is a stack with a diamond: 0 before 1 and 2, both before 3.
func walk(t *testing.T, st *store.Store, name string) store.Walk {
	t.Helper()
	s := newStack(name)
	s.NodesLeft = 4
	w := store.Walk{StackID: s.ID, Traversal: s.Traversal}
	write(t, st, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.CreateStack(ctx, s); err != nil {
			return err
		}
		return tx.StartWalk(ctx, w, diamond(), []store.Edge{{Src: 0, Dst: 1}, {Src: 0, Dst: 2}, {Src: 1, Dst: 3}, {Src: 2, Dst: 3}}, nil)
	})
	return w
}

func diamond() []store.Node {
	return []store.Node{{ID: 0, ResourceID: "a"}, {ID: 1, ResourceID: "b", Pending: 1}, {ID: 2, ResourceID: "c", Pending: 1}, {ID: 3, ResourceID: "d", Pending: 2}}
}

func claim(t *testing.T, st *store.Store, w store.Walk, owner string, now time.Time) []store.Node {
	t.Helper()
	var out []store.Node
	write(t, st, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = tx.Claim(ctx, w, owner, now, time.Second, 10)
		return err
	})
	return out
}

func finish(t *testing.T, st *store.Store, w store.Walk, owner string, nodes []store.Node) int {
	t.Helper()
	n := 0
	write(t, st, func(ctx context.Context, tx *store.Tx) error {
		held, _, err := tx.Finish(ctx, w, owner, nodes, store.Taking{})
		n = len(held)
		return err
	})
	return n
}

func TestWalkInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w, now := walk(t, st, "order"), time.Now()
		for _, want := range [][]int{{0}, {1, 2}, {3}} {
			got := claim(t, st, w, "me", now)
			if len(got) != len(want) {
				t.Fatalf("claimed %v, want %v", got, want)
			}
			if again := claim(t, st, w, "other", now); len(again) != 0 {
				t.Fatalf("claimed twice: %v", again)
			}
			if n := finish(t, st, w, "me", got); n != len(want) {
				t.Fatalf("finished %d of %d", n, len(want))
			}
		}
	})
}

// One of two nodes before a third is not enough, whichever comes first and however often
// its end is reported.
func TestJoin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w, now := walk(t, st, "join"), time.Now()
		finish(t, st, w, "me", claim(t, st, w, "me", now))
		both := claim(t, st, w, "me", now)
		finish(t, st, w, "me", both[1:])
		finish(t, st, w, "me", both[1:])
		if early := claim(t, st, w, "me", now); len(early) != 0 {
			t.Fatalf("ready before its time: %v", early)
		}
		finish(t, st, w, "me", both[:1])
		if last := claim(t, st, w, "me", now); len(last) != 1 || last[0].ID != 3 {
			t.Fatalf("%v", last)
		}
	})
}

// A worker whose lease has run out has lost its node: whoever claims it next owns it, and
// what the first one still reports changes nothing.
func TestLeaseRunsOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w, now := walk(t, st, "lease"), time.Now()
		lost := claim(t, st, w, "slow", now)
		if early := claim(t, st, w, "quick", now.Add(900*time.Millisecond)); len(early) != 0 {
			t.Fatalf("taken under a live lease: %v", early)
		}
		if own := claim(t, st, w, "slow", now.Add(2*time.Second)); len(own) != 0 {
			t.Fatalf("an owner took its own node for lost: %v", own)
		}
		taken := claim(t, st, w, "quick", now.Add(2*time.Second))
		if len(taken) != 1 || taken[0].Attempt != 2 {
			t.Fatalf("%v", taken)
		}
		if n := finish(t, st, w, "slow", lost); n != 0 {
			t.Fatal("a lost node was finished by its former owner")
		}
		if n := finish(t, st, w, "quick", lost); n != 0 {
			t.Fatal("an attempt of the past was finished")
		}
		if n := finish(t, st, w, "quick", taken); n != 1 {
			t.Fatal("the owner could not finish")
		}
	})
}

// A newer walk fences the older one and waits for resources in the older one's hands.
func TestSupersededWalk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w, now := walk(t, st, "super"), time.Now()
		held := claim(t, st, w, "old", now)
		newer := store.Walk{StackID: w.StackID, Traversal: "newer"}
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			s, err := tx.LockStack(ctx, w.StackID)
			if err != nil {
				return err
			}
			s.Traversal = newer.Traversal
			if ok, err := tx.UpdateStack(ctx, s, w.Traversal); err != nil || !ok {
				t.Fatal(ok, err)
			}
			held, err := tx.EndWalk(ctx, newer.StackID)
			if err != nil {
				return err
			}
			return tx.StartWalk(ctx, newer, diamond(), nil, held)
		})
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			if _, ok, err := tx.Fence(ctx, w, 1); ok || err != nil {
				t.Fatal("the older walk is not fenced", err)
			}
			if ok, err := tx.UpdateStack(ctx, &core.Stack{ID: w.StackID}, w.Traversal); ok || err != nil {
				t.Fatal("the older walk wrote the stack", err)
			}
			return nil
		})
		if early := claim(t, st, newer, "new", now); len(early) != 0 {
			t.Fatalf("took what another still holds: %v", early)
		}
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			free, err := tx.Untouched(ctx, w, "old", []string{"a"})
			if err != nil || !free["a"] {
				t.Fatal("not free to hand over", err)
			}
			return tx.Release(ctx, w.StackID, []string{held[0].ResourceID})
		})
		if got := claim(t, st, newer, "new", now); len(got) != 1 || got[0].ResourceID != "a" {
			t.Fatalf("%v", got)
		}
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			if free, err := tx.Untouched(ctx, w, "old", []string{"a"}); err != nil || free["a"] {
				t.Fatal("handed over what another has taken up", err)
			}
			return nil
		})
	})
}

// A waiting node is ready at its time, or when it is woken.
func TestWaitAndWake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w, now := walk(t, st, "wait"), time.Now()
		wait := func(n store.Node, due int64) {
			t.Helper()
			write(t, st, func(ctx context.Context, tx *store.Tx) error {
				_, ok, err := tx.Wait(ctx, w, "me", n, store.Ending, n.ResourceID, due)
				if !ok && err == nil {
					t.Fatal("the node was not the owner's")
				}
				return err
			})
		}
		n := claim(t, st, w, "me", now)[0]
		wait(n, now.Add(time.Second).UnixMilli())
		if walks, err := st.DueWalks(t.Context(), now, 10); err != nil || len(walks) != 0 {
			t.Fatal(walks, err)
		}
		if early := claim(t, st, w, "me", now); len(early) != 0 {
			t.Fatalf("%v", early)
		}
		if walks, err := st.DueWalks(t.Context(), now.Add(2*time.Second), 10); err != nil || len(walks) != 1 || walks[0] != w {
			t.Fatal(walks, err)
		}
		n = claim(t, st, w, "me", now.Add(2*time.Second))[0]
		if n.Phase != store.Ending || n.Waits != 1 {
			t.Fatalf("%+v", n)
		}
		wait(n, store.Never)
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			if _, soon, err := tx.NextDue(ctx, w); soon || err != nil {
				t.Fatal("due by itself", err)
			}
			woken, err := tx.Wake(ctx, "a")
			if woken == nil || *woken != w {
				t.Fatal(woken)
			}
			return err
		})
		got := claim(t, st, w, "me", now)
		if len(got) != 1 {
			t.Fatalf("%v", got)
		}
		// A wake that comes while the node is worked on is not lost.
		write(t, st, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.WakeStack(ctx, w.StackID)
			return err
		})
		wait(got[0], store.Never)
		if got := claim(t, st, w, "me", now); len(got) != 1 {
			t.Fatalf("%v", got)
		}
	})
}
