package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// usual is how many rows room is made for at once when a page may have so many.
const usual = 100

// ErrMarker says that the marker names nothing.
var ErrMarker = errors.New("the marker is unknown")

// page is a part of a list in the order of columns and then of the id, all in one
// direction, so that an index gives it wherever it begins. Columns must be names of ours,
// not of a request.
type page struct {
	columns []string
	desc    bool
	marker  string // the id of the row after which to begin; "" for the first
	limit   int    // 0: none
}

// paged restricts and orders a query of table. It is one statement when there is a marker;
// one that names no row gives ErrMarker.
func (s *Store) paged(ctx context.Context, q *bun.SelectQuery, table string, p page) (*bun.SelectQuery, error) {
	keys := append(slices.Clone(p.columns), "id")
	if p.marker != "" {
		values, err := s.keysOf(ctx, table, keys, p.marker)
		if err != nil {
			return nil, err
		}
		beyond := ">"
		if p.desc {
			beyond = "<"
		}
		q = q.Where("("+strings.Join(keys, ", ")+") "+beyond+" (?)", bun.List(values))
	}
	for _, k := range keys {
		q = q.OrderExpr(k + " " + direction(p.desc))
	}
	if p.limit > 0 {
		q = q.Limit(int64(p.limit))
	}
	return q, nil
}

// keysOf gives the sort keys of one row.
func (s *Store) keysOf(ctx context.Context, table string, keys []string, id string) ([]any, error) {
	values := make([]any, len(keys))
	dest := make([]any, len(keys))
	for i := range values {
		dest[i] = &values[i]
	}
	row := s.r.QueryRowContext(ctx, "SELECT "+strings.Join(keys, ", ")+" FROM "+table+" WHERE id = ?", id)
	err := row.Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrMarker
	}
	return values, err
}

func direction(desc bool) string {
	if desc {
		return "DESC"
	}
	return "ASC"
}
