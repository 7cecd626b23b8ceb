package core

import (
	"net/url"
	"strings"
)

// Identifier names a stack, and within it perhaps a resource and an event
// (heat/common/identifier.py).
type Identifier struct {
	Tenant, StackName, StackID string
	Path                       string // "", "/resources/x", "/resources/x/events/id"
}

// ARN is arn:openstack:heat::tenant:stacks/name/id/path, each segment quoted.
func (i Identifier) ARN() string {
	return "arn:openstack:heat::" + url.PathEscape(i.Tenant) + ":" + i.Stack()
}

// Stack is stacks/name/id/path, each segment quoted: the tail of URLs and ARNs.
func (i Identifier) Stack() string {
	return "stacks/" + quote(i.StackName) + "/" + quote(i.StackID) + quotePath(i.Path)
}

// Resource is the identifier of a resource of the stack.
func (i Identifier) Resource(name string) Identifier {
	i.Path = "/resources/" + name
	return i
}

// QuotedPath is Path, each segment quoted: the tail of Stack.
func (i Identifier) QuotedPath() string { return quotePath(i.Path) }

// ParseARN reads what ARN writes. ok is false for anything else.
func ParseARN(s string) (id Identifier, ok bool) {
	rest, found := strings.CutPrefix(s, "arn:openstack:heat::")
	if !found {
		return id, false
	}
	tenant, rest, found := strings.Cut(rest, ":")
	if !found {
		return id, false
	}
	parts := strings.SplitN(rest, "/", 4)
	if len(parts) < 3 || parts[0] != "stacks" {
		return id, false
	}
	var err error
	for _, p := range []struct {
		dst *string
		src string
	}{{&id.Tenant, tenant}, {&id.StackName, parts[1]}, {&id.StackID, parts[2]}} {
		if *p.dst, err = url.PathUnescape(p.src); err != nil {
			return id, false
		}
	}
	if len(parts) == 4 && parts[3] != "" {
		if id.Path, err = url.PathUnescape("/" + parts[3]); err != nil {
			return id, false
		}
	}
	return id, true
}

// quote is Python's urllib quote with nothing safe: a resource name may hold spaces.
func quote(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// quoted reports whether quotePath changes a character.
func quoted(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.~/", c)
}

func quotePath(p string) string {
	if !strings.ContainsFunc(p, quoted) {
		return p
	}
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = quote(parts[i])
	}
	return strings.Join(parts, "/")
}
