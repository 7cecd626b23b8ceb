package simcloud

import (
	"fmt"
	"strconv"
	"strings"
)

// An attribute is one field a client may send, as in Neutron's attribute maps.
type attribute struct {
	name  string
	shape shape
	where where
	def   any // value of a new object that does not say
}

type shape uint8

const (
	anything shape = iota
	words
	flag
	whole
	items
	dict
)

type where uint8

const (
	onPost   where = 1 << iota
	onPut          // may be changed later
	required       // must be given at creation
	adminSet       // only administrators may give it
	noDef          // has no default: the noun completes it
	both     = onPost | onPut
)

// acceptAttrs checks a create (creating) or update body against the table and
// returns it with defaults filled in.
func acceptAttrs(c *call, noun string, attrs []attribute, in object, creating bool) (object, error) {
	out := object{}
	known := map[string]bool{"tenant_id": true, "project_id": true}
	for _, a := range attrs {
		known[a.name] = true
		v, given := in[a.name]
		if !given {
			if creating && a.where&required != 0 {
				return nil, badRequest("Failed to parse request. Required attribute '%s' not specified.", a.name)
			}
			if creating && a.where&noDef == 0 {
				out[a.name] = a.def
			}
			continue
		}
		verb, allowed := "PUT", onPut
		if creating {
			verb, allowed = "POST", onPost
		}
		if a.where&allowed == 0 {
			return nil, badRequest("Attribute '%s' not allowed in %s", a.name, verb)
		}
		if a.where&adminSet != 0 && !c.by.admin && v != a.def {
			return nil, forbidden("(rule:%s_%s) is disallowed by policy", map[bool]string{true: "create", false: "update"}[creating], noun+":"+a.name)
		}
		v, err := a.shape.coerce(a.name, v)
		if err != nil {
			return nil, err
		}
		out[a.name] = v
	}
	for k := range in {
		if !known[k] {
			return nil, badRequest("Unrecognized attribute(s) '%s'", k)
		}
	}
	return out, nil
}

func (s shape) coerce(name string, v any) (any, error) {
	wrong := func(want string) error {
		return &apiError{400, "HTTPBadRequest", fmt.Sprintf("Invalid input for %s. Reason: '%v' is not %s.", name, v, want)}
	}
	if v == nil {
		return nil, nil
	}
	switch s {
	case words:
		if _, isText := v.(string); !isText {
			return nil, wrong("a valid string")
		}
	case flag:
		switch b := v.(type) {
		case bool:
		case string:
			parsed, err := strconv.ParseBool(strings.ToLower(b))
			if err != nil {
				return nil, wrong("a valid boolean value")
			}
			return parsed, nil
		default:
			n, isNumber := number(v)
			if !isNumber || n != 0 && n != 1 {
				return nil, wrong("a valid boolean value")
			}
			return n == 1, nil
		}
	case whole:
		if text, isText := v.(string); isText {
			n, err := strconv.Atoi(text)
			if err != nil {
				return nil, wrong("an integer")
			}
			return n, nil
		}
		n, isNumber := number(v)
		if !isNumber {
			return nil, wrong("an integer")
		}
		return n, nil
	case items:
		if _, isList := v.([]any); !isList {
			return nil, wrong("a list")
		}
	case dict:
		if asObject(v) == nil {
			return nil, wrong("a dictionary")
		}
	}
	return v, nil
}
