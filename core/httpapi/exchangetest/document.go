package exchangetest

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Document is an OpenAPI 3.1 document to hold exchanges to.
type Document struct {
	root    map[string]any
	servers []string // their paths
	routes  []route

	mu       sync.Mutex // of what follows
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

// route is one operation.
type route struct {
	method   string
	segments []string
	rest     bool // the last segment stands for several
	at       node
}

// ID is the name of the operation.
func (r *route) ID() string { return r.at.text("operationId") }

func (r *route) String() string { return r.method + " /" + strings.Join(r.segments, "/") }

// node is a part of the document, with the JSON pointer to it.
type node struct {
	pointer string
	value   map[string]any
}

func (n node) text(key string) string {
	s, _ := n.value[key].(string)
	return s
}

const location = "openapi:///document.json"

// ReadDocument reads a document in JSON.
func ReadDocument(raw []byte) (*Document, error) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("the document: %w", err)
	}
	root, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("the document is no object")
	}
	d := &Document{root: root, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(location, root); err != nil {
		return nil, err
	}
	servers, _ := root["servers"].([]any)
	for _, s := range servers {
		s, _ := s.(map[string]any)
		path, _ := s["url"].(string)
		d.servers = append(d.servers, path)
	}
	paths := d.child(node{"", root}, "paths")
	for path := range paths.value {
		item := d.child(paths, path)
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			if op := d.child(item, method); op.value != nil {
				d.routes = append(d.routes, route{strings.ToUpper(method), split(path), d.takesRest(op), op})
			}
		}
	}
	if len(d.routes) == 0 {
		return nil, errors.New("the document has no operations")
	}
	slices.SortFunc(d.routes, func(a, b route) int { return strings.Compare(a.String(), b.String()) })
	return d, nil
}

// takesRest reports whether a parameter of an operation stands for the rest of its path.
func (d *Document) takesRest(op node) bool {
	parameters, _ := op.value["parameters"].([]any)
	for i := range parameters {
		if d.item(op, "parameters", i).value["x-multi-segment"] == true {
			return true
		}
	}
	return false
}

// split gives the segments of a path.
func split(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// child is a part of a part, behind a reference if it is one; its value is nil when there is
// none.
func (d *Document) child(n node, key string) node {
	v, _ := n.value[key].(map[string]any)
	return d.resolve(node{n.pointer + "/" + pointerEscapes.Replace(key), v})
}

// item is a part of a list.
func (d *Document) item(n node, key string, i int) node {
	list, _ := n.value[key].([]any)
	v, _ := list[i].(map[string]any)
	return d.resolve(node{n.pointer + "/" + key + "/" + strconv.Itoa(i), v})
}

func (d *Document) resolve(n node) node {
	for {
		ref, ok := n.value["$ref"].(string)
		if !ok {
			return n
		}
		n = node{"", d.root}
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			v, _ := n.value[part].(map[string]any)
			n = node{n.pointer + "/" + part, v}
		}
	}
}

// find gives the operation of a request: the one with the most literal segments, and then
// the other operations of its path.
func (d *Document) find(method string, path string) (found *route, known bool) {
	segments := d.segments(path)
	best := -1
	for i := range d.routes {
		r := &d.routes[i]
		literals, ok := r.match(segments)
		if !ok || literals < best {
			continue
		}
		if literals > best {
			best, found, known = literals, nil, true
		}
		if r.method == method {
			found = r
		}
	}
	return found, known
}

// segments are those of a path behind the server's. An ARN is one segment, be its slashes
// quoted or not.
func (d *Document) segments(path string) []string {
	for _, server := range d.servers {
		if rest, ok := strings.CutPrefix(path, server); ok && (rest == "" || rest[0] == '/') {
			path = rest
			break
		}
	}
	lower := strings.ToLower(path)
	for _, arn := range []string{"/arn:", "/arn%3a"} {
		if i := strings.Index(lower, arn); i >= 0 {
			return append(split(path[:i]), path[i+1:])
		}
	}
	return split(path)
}

func (r *route) match(path []string) (literals int, ok bool) {
	if len(path) < len(r.segments) || len(path) > len(r.segments) && !r.rest {
		return 0, false
	}
	for i, part := range r.segments {
		switch {
		case strings.HasPrefix(part, "{"):
			if rest := r.rest && i == len(r.segments)-1; path[i] == "" && (!rest || len(path) == len(r.segments)) {
				return 0, false
			}
		case part == path[i]:
			literals++
		default:
			return 0, false
		}
	}
	return literals, true
}

// valid holds a value to the schema at a node.
func (d *Document) valid(schema node, v any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.schemas[schema.pointer]
	if !ok {
		var err error
		if s, err = d.compiler.Compile(location + "#" + (&url.URL{Fragment: schema.pointer}).EscapedFragment()); err != nil {
			return fmt.Errorf("the schema at %s: %w", schema.pointer, err)
		}
		d.schemas[schema.pointer] = s
	}
	return s.Validate(v)
}
