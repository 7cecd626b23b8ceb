package function

import (
	"fmt"
	"slices"
	"strings"

	"hearth/core/schema"
	"hearth/core/yaml"
)

var urlParts = []string{"scheme", "username", "password", "host", "port", "path", "query", "fragment"}

// makeURL puts a URL together of its parts, each escaped as it needs.
var makeURL = def{
	doc: "A function for performing substitutions on maps.",
	validate: func(_ Scope, c *Call) error {
		fields, ok := Fields(c.Args)
		if !ok {
			return fmt.Errorf("The arguments to %q must be a map", c.Name)
		}
		var wrong []string
		for _, f := range fields {
			if !slices.Contains(urlParts, f.Key) {
				wrong = append(wrong, f.Key)
			}
		}
		if len(wrong) > 0 {
			return fmt.Errorf("Invalid arguments to %q: %s", c.Name, strings.Join(wrong, ", "))
		}
		return checkURL(c, urlLiterals(fields))
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		m, ok := compact(args).(*yaml.Map)
		if !ok {
			return nil, fmt.Errorf("The arguments to %q must be a map", c.Name)
		}
		if err := checkURL(c, m); err != nil {
			return nil, err
		}
		return composeURL(m)
	},
}

// urlLiterals gives the parts as they are written; functions are passed over by checkURL.
func urlLiterals(fields []Field) *yaml.Map {
	m := yaml.NewMap(len(fields))
	for _, f := range fields {
		switch e := f.Value.(type) {
		case *Literal:
			m.Set(f.Key, e.Value)
		case *Map:
			m.Set(f.Key, urlLiterals(e.Fields))
		default:
			m.Set(f.Key, Unknown{})
		}
	}
	return m
}

// checkURL checks the types of the parts. As in Heat, the fragment is not checked when
// there is a query.
func checkURL(c *Call, args *yaml.Map) error {
	for _, part := range urlParts {
		v, ok := args.Get(part)
		if !ok {
			continue
		}
		if schema.IsUnknown(v) {
			if part == "query" {
				return nil
			}
			continue
		}
		switch part {
		case "query":
			if _, ok := v.(*yaml.Map); !ok {
				return fmt.Errorf("The \"query\" argument to %q must be a map", c.Name)
			}
			return nil
		case "port":
			if err := checkPort(c, v, args); err != nil {
				return err
			}
		default:
			if _, ok := v.(string); !ok {
				return fmt.Errorf("The %q argument to %q must be a string", part, c.Name)
			}
		}
	}
	return nil
}

func checkPort(c *Call, v any, args *yaml.Map) error {
	if _, isText := v.(string); !isText && !yaml.IsNumber(v) {
		_, err := schema.ToInteger(v)
		return err
	}
	port, err := schema.ToInteger(v)
	if err != nil {
		return fmt.Errorf("Invalid URL port \"%s\" for %s called with %s", yaml.Str(v), c.Name, yaml.Repr(args))
	}
	if yaml.Compare(port, 0) != 1 || yaml.Compare(port, 65535) == 1 {
		return fmt.Errorf("Invalid URL port %s, must be in range 1-65535", yaml.Str(port))
	}
	return nil
}

func composeURL(args *yaml.Map) (any, error) {
	text := func(part string) string { s, _ := named(args, part).(string); return s }
	scheme := text("scheme")
	if strings.Contains(scheme, ":") {
		return nil, fmt.Errorf("URL %q should not contain ':'", "scheme")
	}
	path := quote(text("path"), "/")
	if place := netloc(args, text); place != "" || usesNetloc(scheme) && !strings.HasPrefix(path, "//") {
		if path != "" && path[0] != '/' {
			path = "/" + path
		}
		path = "//" + place + path
	}
	var b strings.Builder
	if scheme != "" {
		b.WriteString(scheme + ":")
	}
	b.WriteString(path)
	if query, _ := named(args, "query").(*yaml.Map); query.Len() > 0 {
		b.WriteByte('?')
		for i, k := range query.Keys() {
			if i > 0 {
				b.WriteByte('&')
			}
			v, _ := query.Get(k)
			b.WriteString(strings.ReplaceAll(quotePlus(k)+"="+quotePlus(yaml.Str(v)), "%2F", "/"))
		}
	}
	switch fragment := named(args, "fragment").(type) {
	case nil:
	case string:
		if fragment != "" {
			b.WriteString("#" + quote(fragment, "/"))
		}
	default:
		return nil, fmt.Errorf("quote_from_bytes() expected bytes")
	}
	return b.String(), nil
}

func netloc(args *yaml.Map, text func(string) string) string {
	username, password := quote(text("username"), ""), quote(text("password"), "")
	out := ""
	if username != "" || password != "" {
		out = username
		if password != "" {
			out += ":" + password
		}
		out += "@"
	}
	host := text("host")
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		host = host[1 : len(host)-1]
	}
	host = quote(host, ":")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	out += host
	if port := named(args, "port"); !falsy(port) {
		out += ":" + yaml.Str(port)
	}
	return out
}

// usesNetloc knows the schemes for which Python writes // even without a host.
func usesNetloc(scheme string) bool {
	return slices.Contains([]string{"ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https",
		"shttp", "snews", "prospero", "rtsp", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs", "git", "git+ssh",
		"ws", "wss"}, scheme)
}

// quote is Python's urllib.parse.quote.
func quote(s, safe string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_.-~"+safe, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func quotePlus(s string) string { return strings.ReplaceAll(quote(s, " "), " ", "+") }
