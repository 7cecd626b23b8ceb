package store

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"hearth/core"
)

// StackFilter selects and orders stacks. The zero value is every stack, newest first.
type StackFilter struct {
	Project  string // "" for all
	Deleted  bool   // deleted ones too
	Nested   bool   // nested ones too
	Tags     TagFilter
	Columns  map[string][]string // column → values, one of which it must have
	Order    []string            // columns, then by id; names of ours, not of a request
	Desc     bool                // the direction of Order
	Marker   string              // the id of the stack after which to begin
	Limit    int
	HideTags []string // stacks with one of these are left out
}

// TagFilter selects by tags: all of All, one of Any, not all of NotAll, none of NotAny.
type TagFilter struct{ All, Any, NotAll, NotAny []string }

// summary are the columns that lists show: not the contents of a stack, which are large and
// sealed.
var summary = []string{
	"id", "project_id", "name", "owner_id", "action", "status", "status_reason", "username", "tags",
	"stack_user_project_id", "created_at", "updated_at", "deleted_at",
}

// identity are the columns that say which stack it is, whose, and where in its tree.
var identity = []string{"id", "project_id", "name", "owner_id", "root_id", "parent_resource", "stack_user_project_id", "deleted_at"}

// ListStacks gives the stacks that f selects, without their contents. It is one statement,
// two with a marker; one that names no stack gives ErrMarker.
func (s *Store) ListStacks(ctx context.Context, f StackFilter) ([]core.Stack, error) {
	p := page{columns: f.Order, desc: f.Desc, marker: f.Marker, limit: f.Limit}
	if len(f.Order) == 0 {
		p.columns, p.desc = []string{"created_at"}, true
	}
	q, err := s.paged(ctx, s.selectStacks(f), "stacks", p)
	if err != nil {
		return nil, err
	}
	out := make([]core.Stack, 0, min(f.Limit, usual))
	err = q.Model(&out).Column(summary...).Scan(ctx)
	return out, err
}

// IdentifyStack gives a stack by id with what says which it is alone, deleted ones too; nil
// when there is none.
func (s *Store) IdentifyStack(ctx context.Context, id string) (*core.Stack, error) {
	row := new(core.Stack)
	return one(row, s.r.NewSelect().Model(row).Column(identity...).Where("id = ?", id).Scan(ctx))
}

// IdentifyChildren gives the nested stacks of stacks that are not deleted, with what says
// which they are alone.
func (s *Store) IdentifyChildren(ctx context.Context, stackIDs []string) ([]core.Stack, error) {
	var out []core.Stack
	err := s.r.NewSelect().Model(&out).Column(identity...).Where("owner_id IN (?) AND deleted_at IS NULL", bun.List(stackIDs)).Scan(ctx)
	return out, err
}

// CountStacksBy counts what ListStacks would give without marker and limit.
func (s *Store) CountStacksBy(ctx context.Context, f StackFilter) (int, error) {
	n, err := s.selectStacks(f).Model((*core.Stack)(nil)).Count(ctx)
	return int(n), err
}

func (s *Store) selectStacks(f StackFilter) *bun.SelectQuery {
	q := s.r.NewSelect()
	if f.Project != "" {
		q = q.Where("project_id = ?", f.Project)
	}
	if !f.Deleted {
		q = q.Where("deleted_at IS NULL")
	}
	if !f.Nested {
		q = q.Where("owner_id IS NULL")
	}
	for column, values := range f.Columns {
		q = q.Where("? IN (?)", bun.Ident(column), bun.List(values))
	}
	for _, t := range f.Tags.All {
		q = q.Where("tags LIKE ?", likeTag(t))
	}
	if len(f.Tags.NotAll) > 0 {
		where, args := tagsLike(f.Tags.NotAll, " AND ")
		q = q.Where("NOT ("+where+")", args...)
	}
	if len(f.Tags.Any) > 0 {
		where, args := tagsLike(f.Tags.Any, " OR ")
		q = q.Where("("+where+")", args...)
	}
	for _, t := range slices.Concat(f.Tags.NotAny, f.HideTags) {
		q = q.Where("tags NOT LIKE ?", likeTag(t))
	}
	return q
}

// tagsLike is a condition on several tags; tags are stored as a JSON list of texts.
func tagsLike(tags []string, with string) (where string, args []any) {
	parts := make([]string, len(tags))
	for i, t := range tags {
		parts[i] = "tags LIKE ?"
		args = append(args, likeTag(t))
	}
	return strings.Join(parts, with), args
}

func likeTag(tag string) string {
	return `%"` + tag + `"%`
}
