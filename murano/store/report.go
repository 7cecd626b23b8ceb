package store

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/murano"
)

// CreateReport stores a report, unless its task has told that step already.
func CreateReport(ctx context.Context, db bun.IDB, r *murano.Report) error {
	_, err := db.NewInsert().Model(r).On("CONFLICT (task_id, step) DO NOTHING").Exec(ctx)
	return err
}

// ReportsOf gives the reports of a task in their order: all, or those about the entities
// when they are not nil.
func ReportsOf(ctx context.Context, db bun.IDB, taskID string, entityIDs []string) ([]murano.Report, error) {
	var out []murano.Report
	q := db.NewSelect().Model(&out).Where("task_id = ?", taskID).Order("created_at", "id")
	if entityIDs != nil {
		q.Where("entity_id IN (?)", bun.List(entityIDs))
	}
	return out, q.Scan(ctx)
}

// LastReport gives the newest report of an environment about any of the entities.
func LastReport(ctx context.Context, db bun.IDB, environmentID string, entityIDs []string) (*murano.Report, error) {
	if len(entityIDs) == 0 {
		return nil, nil
	}
	r := new(murano.Report)
	return one(r, db.NewSelect().Model(r).
		Where("entity_id IN (?)", bun.List(entityIDs)).
		Where("task_id IN (SELECT id FROM tasks WHERE environment_id = ?)", environmentID).
		OrderExpr("created_at DESC, id DESC").Limit(1).Scan(ctx))
}

// Troubles counts the errors and warnings that a task reported.
type Troubles struct{ Errors, Warnings int }

// TroublesOf counts the errors and warnings of tasks; a task without is not in the map.
func TroublesOf(ctx context.Context, db bun.IDB, taskIDs ...string) (map[string]Troubles, error) {
	out := map[string]Troubles{}
	if len(taskIDs) == 0 {
		return out, nil
	}
	var rows []struct {
		TaskID string
		Level  murano.Level
		Count  int
	}
	err := db.NewSelect().Model((*murano.Report)(nil)).Column("task_id", "level").ColumnExpr("count(*) AS count").
		Where("task_id IN (?) AND level <> ?", bun.List(taskIDs), murano.Info).Group("task_id", "level").Scan(ctx, &rows)
	for _, r := range rows {
		t := out[r.TaskID]
		if r.Level == murano.Error {
			t.Errors = r.Count
		} else {
			t.Warnings = r.Count
		}
		out[r.TaskID] = t
	}
	return out, err
}
