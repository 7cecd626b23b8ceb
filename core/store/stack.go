package store

import (
	"context"
	"fmt"
	"time"

	"hearth/core"
)

// CreateStack stores a new stack. Ask IsUnique of the error for a name that is taken.
func (tx *Tx) CreateStack(ctx context.Context, s *core.Stack) error {
	if _, err := tx.NewInsert().Model(stackContent.Sealed(tx, s)).Exec(ctx); err != nil {
		return fmt.Errorf("store stack: %w", err)
	}
	return nil
}

// FindStack gives a stack by id, deleted ones too; nil when there is none.
func (s *Store) FindStack(ctx context.Context, id string) (*core.Stack, error) {
	return findStack(ctx, s.Reader(), id)
}

// FindStack is Store.FindStack inside the transaction.
func (tx *Tx) FindStack(ctx context.Context, id string) (*core.Stack, error) {
	return findStack(ctx, tx, id)
}

// LockStack gives a stack by id and keeps others from changing its walk until the
// transaction ends; nil when there is none.
func (tx *Tx) LockStack(ctx context.Context, id string) (*core.Stack, error) {
	if err := tx.lockStack(ctx, id); err != nil {
		return nil, err
	}
	return findStack(ctx, tx, id)
}

func findStack(ctx context.Context, db DB, id string) (*core.Stack, error) {
	s := new(core.Stack)
	return stackContent.One(db, s, db.NewSelect().Model(s).Where("id = ?", id).Scan(ctx))
}

// FindStackByName gives the stack of that name that is not deleted; nil when there is none.
func (s *Store) FindStackByName(ctx context.Context, project, name string) (*core.Stack, error) {
	row, db := new(core.Stack), s.Reader()
	return stackContent.One(db, row, db.NewSelect().Model(row).Where("project_id = ? AND name = ? AND deleted_at IS NULL", project, name).Scan(ctx))
}

// FindStackOfUsers gives the stack of that name whose users are in the project; nil when
// there is none.
func (s *Store) FindStackOfUsers(ctx context.Context, project, name string) (*core.Stack, error) {
	row, db := new(core.Stack), s.Reader()
	return stackContent.One(db, row, db.NewSelect().Model(row).Where("stack_user_project_id = ? AND name = ? AND deleted_at IS NULL", project, name).Limit(1).Scan(ctx))
}

// SetStackUserProject notes the project of a tree's users, for its deployments, too.
func (tx *Tx) SetStackUserProject(ctx context.Context, rootID, project string) error {
	const deployed = `UPDATE software_deployments SET stack_user_project_id = ?
		WHERE project_id = (SELECT project_id FROM stacks WHERE id = ?)
		AND stack_user_project_id IN (SELECT stack_user_project_id FROM stacks WHERE root_id = ?)`
	if _, err := tx.ExecContext(ctx, deployed, project, rootID, rootID); err != nil {
		return fmt.Errorf("store deployments: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE stacks SET stack_user_project_id = ? WHERE root_id = ?", project, rootID); err != nil {
		return fmt.Errorf("store stack: %w", err)
	}
	return nil
}

// FindChild gives the nested stack that a resource is; nil when there is none.
func (tx *Tx) FindChild(ctx context.Context, resourceID string) (*core.Stack, error) {
	return findChild(ctx, tx, resourceID)
}

// FindChild gives the nested stack that a resource is; nil when there is none.
func (s *Store) FindChild(ctx context.Context, resourceID string) (*core.Stack, error) {
	return findChild(ctx, s.Reader(), resourceID)
}

func findChild(ctx context.Context, db DB, resourceID string) (*core.Stack, error) {
	s := new(core.Stack)
	return stackContent.One(db, s, db.NewSelect().Model(s).Where("parent_resource = ? AND deleted_at IS NULL", resourceID).Scan(ctx))
}

// UnsoundParents gives the ids of a stack's resources whose nested stack's last action has
// not succeeded.
func (tx *Tx) UnsoundParents(ctx context.Context, stackID string) (map[string]bool, error) {
	var ids []string
	err := tx.NewRaw("SELECT parent_resource FROM stacks WHERE owner_id = ? AND deleted_at IS NULL AND status <> ?", stackID, core.Complete).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// Children gives the nested stacks of a stack that are not deleted, by id.
func (s *Store) Children(ctx context.Context, stackID string) ([]core.Stack, error) {
	var out []core.Stack
	err := s.r.NewSelect().Model(&out).Where("owner_id = ? AND deleted_at IS NULL", stackID).Order("created_at", "id").Scan(ctx)
	return stackContent.All(s.Reader(), out, err)
}

// Tree gives every stack under a top stack, itself included, that is not deleted.
func (s *Store) Tree(ctx context.Context, rootID string) ([]core.Stack, error) {
	var out []core.Stack
	err := s.r.NewSelect().Model(&out).Where("root_id = ? AND deleted_at IS NULL", rootID).Order("nested_depth", "created_at", "id").Scan(ctx)
	return stackContent.All(s.Reader(), out, err)
}

// UpdateStack writes the columns of a stack, if its walk is still the one named. ok is
// false when another has superseded it. SetStackUserProject alone changes that column.
func (tx *Tx) UpdateStack(ctx context.Context, s *core.Stack, traversal string) (ok bool, err error) {
	res, err := tx.NewUpdate().Model(stackContent.Sealed(tx, s)).ExcludeColumn("stack_user_project_id").Where("id = ? AND traversal = ?", s.ID, traversal).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("store stack: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// CountStacks counts a project's top stacks that are not deleted.
func (s *Store) CountStacks(ctx context.Context, project string) (int, error) {
	n, err := s.r.NewSelect().Model((*core.Stack)(nil)).Where("project_id = ? AND owner_id IS NULL AND deleted_at IS NULL", project).Count(ctx)
	return int(n), err
}

// CountTree counts the resources of a whole tree of stacks.
func (s *Store) CountTree(ctx context.Context, rootID string) (int, error) {
	n, err := s.r.NewSelect().Model((*core.Resource)(nil)).Where("root_id = ? AND replaced_by IS NULL", rootID).Count(ctx)
	return int(n), err
}

// OverdueStacks gives the stacks whose running action has timed out.
func (s *Store) OverdueStacks(ctx context.Context, now time.Time, limit int) ([]core.Stack, error) {
	var out []core.Stack
	err := s.r.NewSelect().Model(&out).Where("deadline < ? AND status = ?", now, core.InProgress).Order("deadline").Limit(int64(limit)).Scan(ctx)
	return stackContent.All(s.Reader(), out, err)
}
