package v1

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// The readings of values in queries and bodies, with the texts of heat/common/param_utils.py.

// toBool reads true and false in any case.
func toBool(name, value string) (bool, error) {
	switch strings.ToLower(value) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, badRequest(`Unrecognized value "%s" for "%s", acceptable values are: true, false.`, value, name)
}

// toInt reads an integer that is not negative; zero says whether 0 will do.
func toInt(name, value string, zero bool) (int, error) {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil || strconv.Itoa(n) != value:
		return 0, badRequest("Only integer is acceptable by '%s'.", name)
	case n == 0 && !zero:
		return 0, badRequest("Only non-zero integer is acceptable by '%s'.", name)
	case n < 0:
		return 0, badRequest("Value '%s' is invalid for '%s' which only accepts non-negative integer.", value, name)
	}
	return n, nil
}

// maxTag is the longest tag, in characters.
const maxTag = 80

// toTags reads tags from a text with commas between them.
func toTags(value string) ([]string, error) {
	tags := strings.Split(value, ",")
	for _, tag := range tags {
		if utf8.RuneCountInString(tag) > maxTag {
			return nil, badRequest(`Invalid tag, "%s" is longer than 80 characters`, tag)
		}
	}
	return tags, nil
}

// query reads the query of a request. The first wrong value makes err, which is looked at
// once, after all reads.
type query struct {
	values url.Values
	err    error
}

func queryOf(ctx context.Context) *query {
	q := &query{values: httpapi.Request(ctx).URL.Query()}
	for _, values := range q.values {
		if slices.ContainsFunc(values, func(v string) bool { return hasNUL(v) }) {
			q.err = badRequest(withNUL)
		}
	}
	return q
}

func (q *query) bool(name string, otherwise bool) bool {
	if !q.values.Has(name) || q.err != nil {
		return otherwise
	}
	var v bool
	v, q.err = toBool(name, q.values.Get(name))
	return v
}

// int gives -1 for what is absent.
func (q *query) int(name string) int {
	if !q.values.Has(name) || q.err != nil {
		return -1
	}
	var v int
	v, q.err = toInt(name, q.values.Get(name), true)
	return v
}

func (q *query) tags(name string) []string {
	if !q.values.Has(name) || q.err != nil {
		return nil
	}
	var v []string
	v, q.err = toTags(q.values.Get(name))
	return v
}

// filters are those of names that are there; a name may come several times.
func (q *query) filters(names ...string) map[string][]string {
	var out map[string][]string
	for _, name := range names {
		if values := q.values[name]; len(values) > 0 {
			if out == nil {
				out = map[string][]string{}
			}
			out[name] = values
		}
	}
	return out
}

// literal is a value of a body as Python's str shows it: what toBool and toInt read.
func literal(v any) string { return yaml.Str(v) }
