package store

import (
	"strings"

	"github.com/uptrace/bun"
)

// sortKey is an SQL expression to sort by and its value in the last row of the page before.
type sortKey struct {
	expr  string
	after any
	desc  bool
}

// pageAfter sorts a query by keys, the last of which is unique, and lets it begin after
// the row that the keys' values are of: (a > x) OR (a = x AND b > y) OR …
// Expressions go in as arguments, for what users wrote into them is no place for arguments.
func pageAfter(q *bun.SelectQuery, keys []sortKey, after bool) {
	for _, k := range keys {
		if k.desc {
			q.OrderExpr("? DESC", bun.Safe(k.expr))
		} else {
			q.OrderExpr("? ASC", bun.Safe(k.expr))
		}
	}
	if !after {
		return
	}
	var cond []string
	var args []any
	for i, k := range keys {
		var all []string
		for _, eq := range keys[:i] {
			all, args = append(all, "? = ?"), append(args, bun.Safe(eq.expr), eq.after)
		}
		beyond := "? > ?"
		if k.desc {
			beyond = "? < ?"
		}
		all, args = append(all, beyond), append(args, bun.Safe(k.expr), k.after)
		cond = append(cond, "("+strings.Join(all, " AND ")+")")
	}
	q.Where("("+strings.Join(cond, " OR ")+")", args...)
}
