package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
	"hearth/murano"
)

// CreateTask stores a new task.
func CreateTask(ctx context.Context, db corestore.DB, t *murano.Task) error {
	_, err := db.NewInsert().Model(taskContent.Sealed(db, t)).Exec(ctx)
	return err
}

// FindTask gives a task by id.
func FindTask(ctx context.Context, db corestore.DB, id string) (*murano.Task, error) {
	t := new(murano.Task)
	return taskContent.One(db, t, db.NewSelect().Model(t).Where("id = ?", id).Scan(ctx))
}

// TasksOf gives the tasks of an environment, the newest first, without models and
// credentials.
func TasksOf(ctx context.Context, db corestore.DB, environmentID string) ([]murano.Task, error) {
	var out []murano.Task
	err := listTasks(db, &out).Where("environment_id = ?", environmentID).Scan(ctx)
	return taskContent.All(db, out, err)
}

// TasksOfTenant gives the tasks of all environments of a project as TasksOf does.
func TasksOfTenant(ctx context.Context, db corestore.DB, tenantID string) ([]murano.Task, error) {
	var out []murano.Task
	err := listTasks(db, &out).Where("environment_id IN (SELECT id FROM environments WHERE tenant_id = ?)", tenantID).Scan(ctx)
	return taskContent.All(db, out, err)
}

// UnfinishedTasks gives the tasks of an environment that are still to be run, with their
// credentials.
func UnfinishedTasks(ctx context.Context, db corestore.DB, environmentID string) ([]murano.Task, error) {
	var out []murano.Task
	err := db.NewSelect().Model(&out).Column("id", "credentials").Where("environment_id = ? AND finished_at IS NULL", environmentID).Scan(ctx)
	return out, err
}

func listTasks(db bun.IDB, out *[]murano.Task) *bun.SelectQuery {
	return db.NewSelect().Model(out).ExcludeColumn("model", "credentials").OrderExpr("created_at DESC, id DESC")
}

// ClaimTask makes owner the one who runs a task until the lease ends, if it is not finished
// and nobody else's lease runs. It gives the task as it then stands; nil when it is not
// to be had.
func ClaimTask(ctx context.Context, db corestore.DB, id, owner string, now time.Time, lease time.Duration) (*murano.Task, error) {
	ok, err := changed(db.NewUpdate().Model((*murano.Task)(nil)).
		Set("owner = ?, attempt = attempt + 1, lease_until = ?", owner, now.Add(lease).UnixMilli()).
		Where("id = ? AND finished_at IS NULL AND lease_until <= ?", id, now.UnixMilli()).Exec(ctx))
	if err != nil || !ok {
		return nil, err
	}
	return FindTask(ctx, db, id)
}

// KeepTask prolongs the lease of a task that ClaimTask gave; ok is false when it is lost.
func KeepTask(ctx context.Context, db bun.IDB, t *murano.Task, now time.Time, lease time.Duration) (ok bool, err error) {
	return changed(held(db, t).Set("lease_until = ?", now.Add(lease).UnixMilli()).Exec(ctx))
}

// ReleaseTask gives a task back unfinished, for another to take at once.
func ReleaseTask(ctx context.Context, db bun.IDB, t *murano.Task) error {
	_, err := held(db, t).Set("lease_until = 0").Exec(ctx)
	return err
}

// FinishTask ends a task with its result and forgets its progress and credentials; ok is
// false when the lease is lost.
func FinishTask(ctx context.Context, db corestore.DB, t *murano.Task, now time.Time) (ok bool, err error) {
	return changed(held(db, t).Set("result = ?", string(taskContent.Sealed(db, t).Result)).Set("model = NULL, credentials = NULL, lease_until = 0").
		Set("finished_at = ?", now).Set("updated_at = ?", now).Exec(ctx))
}

// held updates the task while the owner's claim of it stands.
func held(db bun.IDB, t *murano.Task) *bun.UpdateQuery {
	return db.NewUpdate().Model((*murano.Task)(nil)).Where("id = ? AND owner = ? AND attempt = ? AND finished_at IS NULL", t.ID, t.Owner, t.Attempt)
}

// LostTasks gives the ids of unfinished tasks that nobody's lease holds, the oldest first.
func LostTasks(ctx context.Context, db bun.IDB, now time.Time, limit int) ([]string, error) {
	var ids []string
	err := db.NewSelect().Model((*murano.Task)(nil)).Column("id").Where("finished_at IS NULL AND lease_until <= ?", now.UnixMilli()).
		Order("lease_until", "created_at").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, err
}

// ReleaseTasks gives all unfinished tasks back: for the only process at an embedded
// database, which knows that whoever had them is gone.
func ReleaseTasks(ctx context.Context, db bun.IDB) error {
	_, err := db.NewUpdate().Model((*murano.Task)(nil)).Set("lease_until = 0").Where("finished_at IS NULL").Exec(ctx)
	return err
}
