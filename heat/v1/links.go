package v1

import (
	"context"
	"net/url"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/httpapi"
)

// link leads to something related; rel says how.
type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

// linker makes links for one request. It knows the stack that it has linked to last: what a
// list has to say of one stack leads there again and again.
type linker struct {
	base string
	last *linked
}

type linked struct {
	stack core.Identifier
	href  string
}

func links(ctx context.Context) linker { return linker{httpapi.BaseURL(ctx), new(linked)} }

// to is the address of a stack, a resource or an event.
func (l linker) to(id core.Identifier) string {
	stack := core.Identifier{Tenant: id.Tenant, StackName: id.StackName, StackID: id.StackID}
	if l.last.stack != stack {
		*l.last = linked{stack, l.base + "/" + url.PathEscape(stack.Tenant) + "/" + stack.Stack()}
	}
	return l.last.href + id.QuotedPath()
}

// stackSelf is the list of links that a stack has.
func (l linker) stackSelf(id core.Identifier) []link { return []link{{l.to(id), "self"}} }

// resource is the list of links of a resource of a stack; nested is its nested stack.
func (l linker) resource(stack core.Identifier, name string, nested *core.Identifier) []link {
	own := l.to(stack)
	out := append(make([]link, 0, 3), link{l.to(stack.Resource(name)), "self"}, link{own, "stack"})
	if nested != nil {
		out = append(out, link{l.to(*nested), "nested"})
	}
	return out
}

// next is the list of links of a full page: to the one behind the item marker.
func next(ctx context.Context, marker string) []link {
	var query []string
	for part := range strings.SplitSeq(httpapi.Request(ctx).URL.RawQuery, "&") {
		if name, _, _ := strings.Cut(part, "="); part != "" && name != "marker" {
			query = append(query, part)
		}
	}
	query = append(query, "marker="+url.QueryEscape(marker))
	return []link{{Rel: "next", Href: httpapi.SelfURL(ctx) + "?" + strings.Join(query, "&")}}
}

// date is how the API writes a time: UTC, to the second.
func date(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// dateOrNull is date, or null.
func dateOrNull(t *time.Time) *string {
	if t == nil || t.IsZero() {
		return nil
	}
	s := date(*t)
	return &s
}

// textOrNull is null for "".
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
