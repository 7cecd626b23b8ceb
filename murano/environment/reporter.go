package environment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"sync"

	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/native"
	"hearth/murano/store"
)

// reporter stores what the programs of a task say. Of the same words about the same object
// the first are told apart from the second by their number, so that a task that is run again
// says nothing twice, in whatever order its threads come to it.
type reporter struct {
	run  *Run
	mu   sync.Mutex
	told map[string]int
}

var _ native.Reporter = (*reporter)(nil)

// Report implements native.Reporter.
func (r *reporter) Report(ctx context.Context, objectID string, level murano.Level, text string) error {
	if objectID == "" {
		objectID = r.run.Environment.ID
	}
	sum := sha256.Sum256([]byte(objectID + "\x00" + string(level) + "\x00" + text))
	words := hex.EncodeToString(sum[:8])
	r.mu.Lock()
	r.told[words]++
	step := words + "/" + strconv.Itoa(r.told[words])
	r.mu.Unlock()
	return r.run.brokenBy(ctx, r.run.Report(ctx, objectID, step, level, text))
}

// instances counts the instances of an environment.
type instances struct{ run *Run }

var _ native.Instances = (*instances)(nil)

// Track implements native.Instances.
func (i *instances) Track(ctx context.Context, t native.TrackedInstance) error {
	e := &i.run.Environment
	row := &murano.Instance{EnvironmentID: e.ID, TenantID: e.TenantID, InstanceID: storable(t.InstanceID), Type: int(t.Kind),
		TypeName: t.TypeName, TypeTitle: storable(t.TypeTitle), UnitCount: t.UnitCount, CreatedAt: store.Now().Unix()}
	return i.run.write(ctx, func(ctx context.Context, tx *corestore.Tx) error { return store.TrackInstance(ctx, tx, row) })
}

// Untrack implements native.Instances.
func (i *instances) Untrack(ctx context.Context, instanceID string, _ native.InstanceKind) error {
	return i.run.write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		return store.UntrackInstance(ctx, tx, i.run.Environment.ID, storable(instanceID), store.Now())
	})
}

// write changes the database while the task is this process's.
func (r *Run) write(ctx context.Context, fn func(context.Context, *corestore.Tx) error) error {
	return r.brokenBy(ctx, r.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if ok, err := store.KeepTask(ctx, tx, r.task, store.Now(), r.lease); err != nil || !ok {
			return lost(err)
		}
		return fn(ctx, tx)
	}))
}

// brokenBy stops the task over an error of the database, to be run again: no program is to
// meet it.
func (r *Run) brokenBy(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil || errors.Is(err, errLost) {
		r.giveUp(err)
	}
	return err
}
