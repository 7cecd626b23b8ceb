package simcloud

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A listEntry is one container or object in a list of Swift's.
type listEntry struct {
	name string
	view object
}

// listing answers with the entries in the order of their names that prefix, marker,
// end_marker, delimiter and limit select, as JSON when asked for, else as text.
func listing(c *call, all []listEntry) (*reply, error) {
	limit := maxListing
	if l := c.query("limit"); l != "" {
		n, err := strconv.Atoi(l)
		if err != nil || n < 0 || n > maxListing {
			return nil, &apiError{http.StatusPreconditionFailed, "PreconditionFailed", "Maximum limit is " + strconv.Itoa(maxListing)}
		}
		limit = n
	}
	slices.SortFunc(all, func(a, b listEntry) int { return cmp.Compare(a.name, b.name) })
	prefix, marker, end, delimiter := c.query("prefix"), c.query("marker"), c.query("end_marker"), c.query("delimiter")
	views, names := []object{}, []string{}
	for _, e := range all {
		rest, within := strings.CutPrefix(e.name, prefix)
		if delimiter != "" && within {
			if head, _, deeper := strings.Cut(rest, delimiter); deeper {
				e.name = prefix + head + delimiter
				e.view = object{"subdir": e.name}
			}
		}
		again := len(names) > 0 && names[len(names)-1] == e.name
		if !within || again || marker != "" && e.name <= marker || end != "" && e.name >= end {
			continue
		}
		if len(names) == limit {
			break
		}
		views, names = append(views, e.view), append(names, e.name)
	}
	if c.query("format") == "json" || c.query("format") == "" && strings.Contains(c.req.Header.Get("Accept"), "application/json") {
		rep, err := ok(views)
		return rep.with("Content-Type", "application/json; charset=utf-8"), err
	}
	if len(names) == 0 {
		return noContent()
	}
	rep, err := ok([]byte(strings.Join(names, "\n") + "\n"))
	return rep.with("Content-Type", "text/plain; charset=utf-8"), err
}
