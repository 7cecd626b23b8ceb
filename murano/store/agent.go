package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
	"hearth/murano"
)

// CreateAgentQueue stores a queue unless its environment has one of that name.
func CreateAgentQueue(ctx context.Context, db corestore.DB, q *murano.AgentQueue) error {
	_, err := db.NewInsert().Model(queueContent.Sealed(db, q)).On("CONFLICT (environment_id, name) DO NOTHING").Exec(ctx)
	return err
}

// FindAgentQueue gives a queue of an environment by name.
func FindAgentQueue(ctx context.Context, db corestore.DB, environmentID, name string) (*murano.AgentQueue, error) {
	q := new(murano.AgentQueue)
	return queueContent.One(db, q, db.NewSelect().Model(q).Where("environment_id = ? AND name = ?", environmentID, name).Scan(ctx))
}

// FindAgentQueueByID gives a queue by id.
func FindAgentQueueByID(ctx context.Context, db corestore.DB, id string) (*murano.AgentQueue, error) {
	q := new(murano.AgentQueue)
	return queueContent.One(db, q, db.NewSelect().Model(q).Where("id = ?", id).Scan(ctx))
}

// KeepAgentLog replaces the log of a queue; ok is false when the queue is gone.
func KeepAgentLog(ctx context.Context, db corestore.DB, q *murano.AgentQueue) (ok bool, err error) {
	return changed(db.NewUpdate().Model(queueContent.Sealed(db, q)).Column("log").WherePK().Exec(ctx))
}

// DeleteAgentQueue deletes a queue with its plans; one that is not there is success.
func DeleteAgentQueue(ctx context.Context, db bun.IDB, id string) error {
	_, err := db.NewDelete().Model((*murano.AgentQueue)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}

// CreateAgentPlan stores a plan unless its queue has one of that plan's id; ok tells whether
// it was stored.
func CreateAgentPlan(ctx context.Context, db corestore.DB, p *murano.AgentPlan) (ok bool, err error) {
	return changed(db.NewInsert().Model(planContent.Sealed(db, p)).On("CONFLICT (queue_id, plan_id) DO NOTHING").Exec(ctx))
}

// FindAgentPlan gives a plan of a queue by the id that the program gave it.
func FindAgentPlan(ctx context.Context, db corestore.DB, queueID, planID string) (*murano.AgentPlan, error) {
	p := new(murano.AgentPlan)
	return planContent.One(db, p, db.NewSelect().Model(p).Where("queue_id = ? AND plan_id = ?", queueID, planID).Scan(ctx))
}

// LockAgentPlan gives a plan of a queue by its own id; nobody else changes it until the
// transaction ends.
func LockAgentPlan(ctx context.Context, tx *corestore.Tx, queueID, id string) (*murano.AgentPlan, error) {
	p := new(murano.AgentPlan)
	q := tx.NewSelect().Model(p).Where("queue_id = ? AND id = ?", queueID, id)
	if tx.PgxConn() != nil {
		q.For("UPDATE")
	}
	return planContent.One(tx, p, q.Scan(ctx))
}

// NextAgentPlan gives the plan of a queue that is to be carried out first.
func NextAgentPlan(ctx context.Context, db corestore.DB, queueID string) (*murano.AgentPlan, error) {
	p := new(murano.AgentPlan)
	return planContent.One(db, p, db.NewSelect().Model(p).Where("queue_id = ? AND NOT answered", queueID).Order("created_at", "id").Limit(1).Scan(ctx))
}

// UpdateAgentPlan stores how far a plan has come.
func UpdateAgentPlan(ctx context.Context, db corestore.DB, p *murano.AgentPlan) error {
	_, err := db.NewUpdate().Model(planContent.Sealed(db, p)).Column("plan", "steps", "answer", "answered", "changed_at").WherePK().Exec(ctx)
	return err
}

// ForgetAgentPlans deletes the plans of a queue that were answered before a time.
func ForgetAgentPlans(ctx context.Context, db bun.IDB, queueID string, before time.Time) error {
	_, err := db.NewDelete().Model((*murano.AgentPlan)(nil)).Where("queue_id = ? AND answered AND changed_at < ?", queueID, before.UnixMilli()).Exec(ctx)
	return err
}

// ChangedAgentQueues gives the ids of the queues some of whose plans have changed since a
// time.
func ChangedAgentQueues(ctx context.Context, db bun.IDB, since time.Time) ([]string, error) {
	var ids []string
	err := db.NewSelect().Model((*murano.AgentPlan)(nil)).ColumnExpr("DISTINCT queue_id").Where("changed_at >= ?", since.UnixMilli()).Scan(ctx, &ids)
	return ids, err
}
