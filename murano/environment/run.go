package environment

import (
	"context"
	"errors"
	"strings"
	"time"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/store"
)

// Run is one process's work on one task.
type Run struct {
	// Environment is the one that the task is of, without its model.
	Environment murano.Environment
	// Caller is for whom the task acts, in the environment's project.
	Caller *core.Caller

	credentials core.Credentials
	store       *corestore.Store
	task        *murano.Task
	progress    *progress
	lease       time.Duration
	giveUp      func(error) // ends the work, for this process or another to begin again
}

// progress is what a task keeps in its row: the model that it starts from. A process that
// takes the task over starts from it, too: its program does the same again, and finds what
// the one before made by the same names.
type progress struct {
	Model *yaml.Map `json:"model"`
}

// errLost says that another process has the task now, or that it is gone.
var errLost = errors.New("the lease on the task is lost")

// Report tells the users something about an object ("" for none). step names it within the
// task and the object: it is told once, however often the task is run.
func (r *Run) Report(ctx context.Context, objectID, step string, level murano.Level, text string) error {
	return r.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		now := store.Now()
		if ok, err := store.KeepTask(ctx, tx, r.task, now, r.lease); err != nil || !ok {
			return lost(err)
		}
		return store.CreateReport(ctx, tx, &murano.Report{ID: murano.NewID(), TaskID: r.task.ID, Step: storable(objectID) + "/" + step,
			EntityID: storable(objectID), Level: level, Text: storable(text), CreatedAt: now, UpdatedAt: now})
	})
}

// storable is a text without what a database refuses to keep: programs may say anything.
func storable(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// keep holds the lease until ctx ends; it gives up when the lease is lost. A database that
// does not answer for a while loses it only when the lease has run out.
func (r *Run) keep(ctx context.Context) {
	tick := time.NewTicker(r.lease / 3)
	defer tick.Stop()
	until := time.Now().Add(r.lease)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ok := false
		now := time.Now()
		err := r.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) (err error) {
			ok, err = store.KeepTask(ctx, tx, r.task, now, r.lease)
			return err
		})
		switch {
		case ok && err == nil:
			until = now.Add(r.lease)
		case err == nil, time.Now().After(until):
			r.giveUp(errLost)
			return
		}
	}
}

func lost(err error) error {
	if err != nil {
		return err
	}
	return errLost
}
