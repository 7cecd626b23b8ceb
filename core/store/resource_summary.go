package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"hearth/core"
)

// A list of resources is read as one text a row: most of what a row costs in database/sql and
// its drivers is per column, and of a hundred resources that is most of the whole answer.

// summarySeparator stands between the columns of a summary. A row that has it in one of them,
// which only a template in JSON can bring about, is read column by column.
const (
	summarySeparator = "\x1f"
	summaryColumns   = 12
	summarySecond    = "2006-01-02 15:04:05"
)

// summaryText is the expression that makes the text.
func (s *Store) summaryText() string {
	at := func(column string) string { return "CAST(" + column + " AS TEXT)" }
	if s.pg {
		at = func(column string) string { return "(" + column + " AT TIME ZONE 'UTC')" }
	}
	return "concat_ws('" + summarySeparator + "', id, stack_id, name, type, COALESCE(physical_id, ''), action, status, status_reason, requires, COALESCE(replaced_by, ''), " +
		at("created_at") + ", " + at("updated_at") + ")"
}

// ResourceSummaries gives the rows of several stacks without their contents, their times to
// the second.
func (s *Store) ResourceSummaries(ctx context.Context, stackIDs []string) ([]*core.Resource, error) {
	rows, err := s.r.QueryContext(ctx, "SELECT "+s.summaryText()+" FROM resources WHERE stack_id IN (?) ORDER BY idx, created_at, id", bun.List(stackIDs))
	if err != nil {
		return nil, fmt.Errorf("read resources: %w", err)
	}
	defer rows.Close()
	var out []*core.Resource
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("read resources: %w", err)
		}
		r, err := parseSummary(line)
		if err != nil {
			return nil, fmt.Errorf("read resources: %w", err)
		}
		if r == nil {
			rows.Close()
			return s.ResourcesOf(ctx, stackIDs)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// parseSummary gives nil for a text that says not where its columns end.
func parseSummary(line string) (*core.Resource, error) {
	if strings.Count(line, summarySeparator) != summaryColumns-1 {
		return nil, nil
	}
	var f [summaryColumns]string
	for i := range f {
		f[i], line, _ = strings.Cut(line, summarySeparator)
	}
	r := &core.Resource{ID: f[0], StackID: f[1], Name: f[2], Type: f[3], PhysicalID: f[4], Action: core.Action(f[5]), Status: core.Status(f[6]),
		StatusReason: f[7], ReplacedBy: f[9]}
	for i, to := range []*time.Time{&r.CreatedAt, &r.UpdatedAt} {
		t, err := time.Parse(summarySecond, f[10+i][:min(len(summarySecond), len(f[10+i]))])
		if err != nil {
			return nil, err
		}
		*to = t
	}
	if f[8] != "[]" {
		if err := json.Unmarshal([]byte(f[8]), &r.Requires); err != nil {
			return nil, err
		}
	}
	return r, nil
}
