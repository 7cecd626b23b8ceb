package store_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano"
	"hearth/murano/store"
)

// A queue keeps its plans in their order, once each, until it goes.
func TestAgentPlans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		ctx := t.Context()
		e := environment(t, st, "p", "e")
		q := &murano.AgentQueue{ID: murano.NewID(), EnvironmentID: e.ID, Name: "q", Script: "#!/bin/sh\n", Log: json.RawMessage(`"$1$x"`), CreatedAt: store.Now()}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateAgentQueue(ctx, tx, q) })
		twin := *q
		twin.ID, twin.Script = murano.NewID(), "other"
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.CreateAgentQueue(ctx, tx, &twin) })
		for _, find := range []func() (*murano.AgentQueue, error){
			func() (*murano.AgentQueue, error) { return store.FindAgentQueue(ctx, st.Reader(), e.ID, "q") },
			func() (*murano.AgentQueue, error) { return store.FindAgentQueueByID(ctx, st.Reader(), q.ID) },
		} {
			got, err := find()
			if d := cmp.Diff(q, got); d != "" || err != nil {
				t.Error(d, err)
			}
		}

		now := store.Now()
		plans := map[string]*murano.AgentPlan{}
		for i, id := range []string{"late", "early"} {
			p := &murano.AgentPlan{ID: murano.NewID(), QueueID: q.ID, PlanID: id, Plan: json.RawMessage(`{"a": 1}`), CreatedAt: now.Add(-time.Duration(i) * time.Second), ChangedAt: now.UnixMilli()}
			plans[id] = p
			for _, want := range []bool{true, false} {
				p.ID = murano.NewID()
				write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
					ok, err := store.CreateAgentPlan(ctx, tx, p)
					if ok != want {
						t.Error("stored:", ok)
					}
					return err
				})
			}
		}
		next, err := store.NextAgentPlan(ctx, st.Reader(), q.ID)
		if err != nil || next == nil || next.PlanID != "early" || string(next.Plan) != `{"a": 1}` {
			t.Fatal(next, err)
		}
		next.Plan, next.Steps, next.Answer, next.Answered, next.ChangedAt = nil, nil, json.RawMessage(`{}`), true, now.Add(-time.Hour).UnixMilli()
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
			if p, err := store.LockAgentPlan(ctx, tx, "other", next.ID); p != nil || err != nil {
				t.Error("a plan of another queue:", p, err)
			}
			if p, err := store.LockAgentPlan(ctx, tx, q.ID, next.ID); p == nil || err != nil {
				t.Error(p, err)
			}
			return store.UpdateAgentPlan(ctx, tx, next)
		})
		got, err := store.FindAgentPlan(ctx, st.Reader(), q.ID, "early")
		if d := cmp.Diff(next, got); d != "" || err != nil {
			t.Error(d, err)
		}
		if next, err = store.NextAgentPlan(ctx, st.Reader(), q.ID); err != nil || next == nil || next.PlanID != "late" {
			t.Error(next, err)
		}
		for since, want := range map[time.Time]int{now.Add(-time.Minute): 1, now.Add(time.Minute): 0} {
			if ids, err := store.ChangedAgentQueues(ctx, st.Reader(), since); err != nil || len(ids) != want {
				t.Error(ids, err)
			}
		}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
			return store.ForgetAgentPlans(ctx, tx, q.ID, now)
		})
		if p, err := store.FindAgentPlan(ctx, st.Reader(), q.ID, "early"); p != nil || err != nil {
			t.Error("an old answer is kept:", p, err)
		}
		write(t, st, func(ctx context.Context, tx *corestore.Tx) error { return store.DeleteAgentQueue(ctx, tx, q.ID) })
		if p, err := store.FindAgentPlan(ctx, st.Reader(), q.ID, "late"); p != nil || err != nil {
			t.Error("the plan of a queue that is gone:", p, err)
		}
	})
}

// Nothing that users put into plans stands in clear in the database.
func TestAgentPlansAreSealed(t *testing.T) {
	st := storetest.Open(t, storetest.SQLite(t))
	e := environment(t, st, "p", "e")
	canary := json.RawMessage(`"canary"`)
	q := &murano.AgentQueue{ID: "q", EnvironmentID: e.ID, Name: "q", Script: "canary", Log: canary, CreatedAt: store.Now()}
	p := &murano.AgentPlan{ID: "p", QueueID: "q", PlanID: "p", Plan: canary, Steps: canary, Answer: canary, CreatedAt: store.Now()}
	write(t, st, func(ctx context.Context, tx *corestore.Tx) error {
		if err := store.CreateAgentQueue(ctx, tx, q); err != nil {
			return err
		}
		_, err := store.CreateAgentPlan(ctx, tx, p)
		return err
	})
	var clear int
	err := st.Reader().NewRaw(`SELECT count(*) FROM agent_queues, agent_plans
		WHERE script || log || plan || steps || answer LIKE '%canary%'`).Scan(t.Context(), &clear)
	if err != nil || clear != 0 {
		t.Error(clear, err)
	}
}
