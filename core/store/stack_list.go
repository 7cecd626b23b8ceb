package store

import (
	"context"
	"database/sql"
	"errors"
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
	Order    []StackOrder
	Marker   string // the id of the stack after which to begin
	Limit    int
	HideTags []string // stacks with one of these are left out
}

// TagFilter selects by tags: all of All, one of Any, not all of NotAll, none of NotAny.
type TagFilter struct{ All, Any, NotAll, NotAny []string }

// StackOrder is one sort key. Column must be a name of ours, not of a request.
type StackOrder struct {
	Column string
	Desc   bool
}

// ErrMarker says that the marker names no stack.
var ErrMarker = errors.New("the marker is unknown")

// ListStacks gives the stacks that f selects. It is one statement, two with a marker.
func (s *Store) ListStacks(ctx context.Context, f StackFilter) ([]core.Stack, error) {
	q := s.selectStacks(f)
	order := f.Order
	if len(order) == 0 {
		order = []StackOrder{{"created_at", true}}
	}
	order = append(slices.Clone(order), StackOrder{"id", order[len(order)-1].Desc})
	if f.Marker != "" {
		if err := s.after(ctx, q, order, f.Marker); err != nil {
			return nil, err
		}
	}
	for _, o := range order {
		q = q.OrderExpr("? "+direction(o.Desc), bun.Ident(o.Column))
	}
	if f.Limit > 0 {
		q = q.Limit(int64(f.Limit))
	}
	var out []core.Stack
	err := q.Model(&out).Scan(ctx)
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

// after restricts q to what follows the marker: the classic expansion of a row
// comparison, for keys of mixed directions. A null sorts as the oldest time would.
func (s *Store) after(ctx context.Context, q *bun.SelectQuery, order []StackOrder, marker string) error {
	names := make([]string, len(order))
	for i, o := range order {
		names[i] = o.Column
	}
	values := make([]any, len(order))
	dest := make([]any, len(order))
	for i := range values {
		dest[i] = &values[i]
	}
	row := s.r.QueryRowContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM stacks WHERE id = ?", marker)
	if err := row.Scan(dest...); errors.Is(err, sql.ErrNoRows) {
		return ErrMarker
	} else if err != nil {
		return err
	}
	q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		for i, o := range order {
			q = q.WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery {
				for j := range i {
					q = q.Where("? = ?", bun.Ident(order[j].Column), values[j])
				}
				if o.Desc {
					return q.Where("? < ?", bun.Ident(o.Column), values[i])
				}
				return q.Where("? > ?", bun.Ident(o.Column), values[i])
			})
		}
		return q
	})
	return nil
}

func direction(desc bool) string {
	if desc {
		return "DESC"
	}
	return "ASC"
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
