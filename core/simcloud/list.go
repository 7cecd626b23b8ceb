package simcloud

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// notFilters are query parameters that steer a list rather than select from it.
var notFilters = map[string]bool{
	"limit": true, "marker": true, "fields": true, "sort": true, "sort_key": true, "sort_dir": true, "page_reverse": true,
	"all_tenants": true, "offset": true, "with_count": true, "deleted": true, "is_public": true, "tags-any": true, "not-tags": true, "not-tags-any": true, "fixed_ips": true,
}

// matches applies every filter that names an attribute of the view. A filter
// given several times selects any of its values.
func matches(view object, q url.Values) bool {
	for k, wanted := range q {
		name := k
		if k == "tenant_id" && !view.has("tenant_id") {
			name = "project_id"
		}
		have, known := view[name]
		if notFilters[k] || !known {
			continue
		}
		if !slices.ContainsFunc(wanted, func(w string) bool { return equals(have, w) }) {
			return false
		}
	}
	return true
}

// equals compares an attribute with a filter's text.
func equals(have any, want string) bool {
	switch h := have.(type) {
	case nil:
		return want == "" || want == "None" || want == "null"
	case string:
		return h == want
	case bool:
		return strings.EqualFold(strconv.FormatBool(h), want) || (h && want == "1") || (!h && want == "0")
	case []any, []string:
		all := object{"": have}.strs("")
		for _, w := range strings.Split(want, ",") {
			if !slices.Contains(all, w) {
				return false
			}
		}
		return true
	}
	if n, isNumber := number(have); isNumber {
		w, err := strconv.Atoi(want)
		return err == nil && n == w
	}
	return fmt.Sprint(have) == want
}

func selectViews(views []object, q url.Values) []object {
	return slices.DeleteFunc(views, func(v object) bool { return !matches(v, q) })
}

// A sorting is one key of a sort order.
type sorting struct {
	key  string
	desc bool
}

// sortings reads sort=a:desc,b as well as sort_key=a&sort_dir=desc.
func sortings(q url.Values) []sorting {
	var out []sorting
	for _, s := range strings.Split(q.Get("sort"), ",") {
		if key, dir, _ := strings.Cut(s, ":"); key != "" {
			out = append(out, sorting{key, dir == "desc"})
		}
	}
	for i, key := range q["sort_key"] {
		dirs := q["sort_dir"]
		out = append(out, sorting{key, i < len(dirs) && dirs[i] == "desc"})
	}
	return out
}

func sortViews(views []object, by []sorting) {
	if len(by) == 0 {
		return
	}
	slices.SortStableFunc(views, func(a, b object) int {
		for _, s := range by {
			n := compareValues(a[s.key], b[s.key])
			if s.desc {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	})
}

func compareValues(a, b any) int {
	na, aok := number(a)
	nb, bok := number(b)
	if aok && bok {
		return cmp.Compare(na, nb)
	}
	return cmp.Compare(text(a), text(b))
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// page cuts the page that limit and marker ask for; more tells whether others
// follow. most bounds the page, 0 is no bound.
func page(views []object, q url.Values, most int) (out []object, more bool, err error) {
	sortViews(views, sortings(q))
	if m := q.Get("marker"); m != "" {
		at := slices.IndexFunc(views, func(v object) bool { return v.str("id") == m })
		if at < 0 {
			return nil, false, badRequest("marker [%s] not found", m)
		}
		views = views[at+1:]
	}
	limit := most
	if l := q.Get("limit"); l != "" {
		n, err := strconv.Atoi(l)
		if err != nil || n < 0 {
			return nil, false, badRequest("Invalid input for query parameters limit. Value: %s", l)
		}
		if n > 0 && (most == 0 || n < most) {
			limit = n
		}
	}
	if limit > 0 && len(views) > limit {
		return views[:limit], true, nil
	}
	return views, false, nil
}

// nextHref is the address of the page after last.
func (c *call) nextHref(last object) string {
	q := c.req.URL.Query()
	q.Set("marker", last.str("id"))
	return c.cloud.base + c.req.URL.Path + "?" + q.Encode()
}

// onlyFields keeps what the repeated query parameter fields names.
func onlyFields(view object, fields []string) object {
	if len(fields) == 0 {
		return view
	}
	out := object{}
	for _, f := range fields {
		for _, k := range strings.Split(f, ",") {
			if v, ok := view[k]; ok {
				out[k] = v
			}
		}
	}
	return out
}
