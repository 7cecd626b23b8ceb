package catalog

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hearth/core"
	"hearth/murano"
	"hearth/murano/store"
)

// DefaultPage and MaxPage are how many packages a page has ([murano] limit_param_default
// and api_limit_max of upstream's configuration).
const (
	DefaultPage = 20
	MaxPage     = 100
)

// Page is a page of packages. NextMarker is set whenever the page is full, as upstream.
type Page struct {
	Packages   []murano.Package
	NextMarker string
}

// known are the parameters of a search; others are ignored.
var known = []string{"id", "order_by", "category", "marker", "tag", "class_name", "limit", "type", "fqn", "owned", "search", "include_disabled", "sort_dir", "name", "catalog"}

// Search gives the packages that the parameters of a request ask for, of those that the
// caller sees: its project's and the public ones; all for an administrator, unless
// catalog=true asks for those that can be deployed. managePublic is whether the caller may
// change public packages. Returns Invalid for a limit that is none and an unknown
// direction, NotFound for an unknown marker.
func (s *Service) Search(ctx context.Context, caller *core.Caller, query url.Values, managePublic bool) (*Page, error) {
	for name := range query {
		if !slices.Contains(known, name) {
			slog.DebugContext(ctx, "unknown parameter of a package search", "name", name)
		}
	}
	limit, err := ParseLimit(query)
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = DefaultPage
	}
	f := store.PackageFilter{
		TenantID: caller.ProjectID, Scope: scope(caller, query, managePublic), Owned: isTrue(query, "owned"), IncludeDisabled: isTrue(query, "include_disabled"),
		IDs: listParam(query, "id"), Categories: listParam(query, "category"), Tags: listParam(query, "tag"),
		Type: titled(last(query, "type")), Class: last(query, "class_name"), FullName: last(query, "fqn"), Name: last(query, "name"),
		SortKeys: sortKeys(query), Limit: min(limit, MaxPage),
	}
	if query.Has("search") {
		f.Words = strings.FieldsFunc(last(query, "search"), func(r rune) bool { return r == ';' || r == ',' })
	}
	switch last(query, "sort_dir") {
	case "", "asc":
	case "desc":
		f.Desc = true
	default:
		return nil, murano.Raise(core.Invalid, "ValueError",
			"Unknown sort direction, must be one of: asc-nullsfirst, asc-nullslast, desc-nullsfirst, desc-nullslast")
	}
	if query.Has("marker") {
		if f.After, err = findAny(ctx, s.Store.Reader(), last(query, "marker")); err != nil {
			return nil, err
		}
	}
	return s.page(ctx, f)
}

func (s *Service) page(ctx context.Context, f store.PackageFilter) (*Page, error) {
	packages, err := store.SearchPackages(ctx, s.Store.Reader(), f)
	if err != nil {
		return nil, err
	}
	p := &Page{Packages: packages}
	if len(packages) == f.Limit {
		p.NextMarker = packages[len(packages)-1].ID
	}
	return p, nil
}

func scope(caller *core.Caller, query url.Values, managePublic bool) store.PackageScope {
	switch {
	case isTrue(query, "catalog"):
		return store.OwnOrPublic
	case caller.IsAdmin():
		return store.AllPackages
	case managePublic:
		return store.OwnOrPublic
	}
	return store.OwnedPackages
}

// ParseLimit reads the parameter limit; 0 when there is none. Returns Invalid for what is
// not a positive number.
func ParseLimit(query url.Values) (int, error) {
	if !query.Has("limit") {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(last(query, "limit")))
	if err != nil {
		return 0, murano.Explain(core.Invalid, "Limit param must be an integer")
	}
	if n <= 0 {
		return 0, murano.Explain(core.Invalid, "Limit param must be positive")
	}
	return n, nil
}

// last gives the last of the values of a parameter, as upstream.
func last(query url.Values, name string) string {
	v := query[name]
	if len(v) == 0 {
		return ""
	}
	return v[len(v)-1]
}

func isTrue(query url.Values, name string) bool { return strings.EqualFold(last(query, name), "true") }

// listParam gives the values of a parameter that may stand several times, or once as
// in:a,b,"c,d". A list whose quotes are wrong is ignored.
func listParam(query url.Values, name string) []string {
	var out []string
	for _, v := range query[name] {
		rest, ok := strings.CutPrefix(v, "in:")
		if !ok {
			out = append(out, v)
			continue
		}
		if list, ok := splitQuoted(rest); ok {
			out = list
		}
	}
	return out
}

// splitQuoted splits at commas outside of double quotes (murano/common/utils.py
// split_for_quotes).
func splitQuoted(s string) (list []string, ok bool) {
	list = []string{}
	for s != "" {
		if s[0] != '"' {
			item, rest, _ := strings.Cut(s, ",")
			if strings.ContainsRune(strings.ReplaceAll(item, `\"`, ""), '"') {
				return nil, false
			}
			list, s = append(list, strings.ReplaceAll(item, `\"`, `"`)), rest
			continue
		}
		end := closingQuote(s)
		if end < 0 || end+1 < len(s) && s[end+1] != ',' {
			return nil, false
		}
		list = append(list, strings.ReplaceAll(s[1:end], `\"`, `"`))
		s = strings.TrimPrefix(s[end+1:], ",")
	}
	return list, true
}

func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// sortKeys gives the valid ones of order_by; by name when there is no such parameter.
func sortKeys(query url.Values) []string {
	if !query.Has("order_by") {
		return []string{"name"}
	}
	keys := []string{}
	for _, k := range query["order_by"] {
		if k == "fqn" || k == "name" || k == "created" {
			keys = append(keys, k)
		}
	}
	return keys
}

// titled is Python's str.title: Application, however it was written.
func titled(s string) string {
	word := false
	return strings.Map(func(r rune) rune {
		if word {
			r = unicode.ToLower(r)
		} else {
			r = unicode.ToUpper(r)
		}
		word = unicode.IsLetter(r)
		return r
	}, s)
}
