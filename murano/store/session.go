package store

import (
	"context"

	"github.com/uptrace/bun"

	corestore "hearth/core/store"
	"hearth/murano"
)

// CreateSession stores a new session.
func CreateSession(ctx context.Context, db corestore.DB, s *murano.Session) error {
	_, err := db.NewInsert().Model(sessionContent.Sealed(db, s)).Exec(ctx)
	return err
}

// FindSession gives a session by id.
func FindSession(ctx context.Context, db corestore.DB, id string) (*murano.Session, error) {
	s := new(murano.Session)
	return sessionContent.One(db, s, db.NewSelect().Model(s).Where("id = ?", id).Scan(ctx))
}

// SessionsOf gives the sessions of an environment without their models, in the order that
// murano.StatusOf reads.
func SessionsOf(ctx context.Context, db bun.IDB, environmentID string) ([]murano.Session, error) {
	var out []murano.Session
	return out, listSessions(db, &out).Where("environment_id = ?", environmentID).Scan(ctx)
}

// SessionsOfTenant gives those of all environments of a project, or of all projects when
// it is empty, by environment.
func SessionsOfTenant(ctx context.Context, db bun.IDB, tenantID string) (map[string][]murano.Session, error) {
	var rows []murano.Session
	q := listSessions(db, &rows)
	if tenantID != "" {
		q.Where("environment_id IN (SELECT id FROM environments WHERE tenant_id = ?)", tenantID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	out := map[string][]murano.Session{}
	for _, s := range rows {
		out[s.EnvironmentID] = append(out[s.EnvironmentID], s)
	}
	return out, nil
}

func listSessions(db bun.IDB, out *[]murano.Session) *bun.SelectQuery {
	return db.NewSelect().Model(out).ExcludeColumn("model").OrderExpr("version DESC, updated_at DESC, id DESC")
}

// UpdateSession writes every column of a session. Ask IsUnique of hearth/core/store of the
// error for a second session of the environment that would be at work.
func UpdateSession(ctx context.Context, db corestore.DB, s *murano.Session) error {
	_, err := db.NewUpdate().Model(sessionContent.Sealed(db, s)).WherePK().Exec(ctx)
	return err
}

// DeleteSession removes a session.
func DeleteSession(ctx context.Context, db bun.IDB, id string) error {
	_, err := db.NewDelete().Model((*murano.Session)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}
