package function

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/core/yaml"
)

// strReplace is {template, params}. Longer placeholders go first, then by alphabet; what
// has been put in is not searched again.
var strReplace = def{
	doc:   "A function for performing string substitutions.",
	check: checkReplace,
	result: func(_ Scope, c *Call, args any) (any, error) {
		return replacement{call: c}.replace(named(args, "template"), named(args, "params"))
	},
}

// strReplaceJSON writes maps and lists as JSON with sorted keys (2015-10-15).
var strReplaceJSON = def{
	doc:   strReplace.doc,
	check: checkReplace,
	result: func(_ Scope, c *Call, args any) (any, error) {
		return replacement{call: c, json: true}.replace(named(args, "template"), named(args, "params"))
	},
}

// strReplaceStrict wants every placeholder in the template (2017-02-24).
var strReplaceStrict = def{
	doc:   strReplace.doc,
	check: checkReplace,
	result: func(_ Scope, c *Call, args any) (any, error) {
		return replacement{call: c, json: true, strict: true}.replace(named(args, "template"), named(args, "params"))
	},
}

// strReplaceVeryStrict wants values that are not empty, too (2017-09-01).
var strReplaceVeryStrict = def{
	doc:   strReplace.doc,
	check: checkReplace,
	result: func(_ Scope, c *Call, args any) (any, error) {
		return replacement{call: c, json: true, strict: true, filled: true}.replace(named(args, "template"), named(args, "params"))
	},
}

// fnReplace is Fn::Replace: [params, template].
var fnReplace = def{
	doc: strReplace.doc,
	check: func(c *Call) error {
		items, ok := Items(c.Args)
		if _, isCall := c.Args.(*Call); isCall || !ok || len(items) != 2 {
			return fmt.Errorf(`Incorrect arguments to "%s" should be: {"%s": [ {"$var1": "foo", "%%var2%%": "bar"}, "$var1 is %%var2%%"]}`, c.Name, c.Name)
		}
		return checkParams(c, items[0])
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		return replacement{call: c}.replace(arg(args, 1), arg(args, 0))
	},
}

func checkReplace(c *Call) error {
	if !isMap(c.Args) {
		return fmt.Errorf("Arguments to %q must be a map", c.Name)
	}
	params, template := field(c.Args, "params"), field(c.Args, "template")
	if params == nil || template == nil {
		return keyError(fmt.Sprintf("%q syntax should be %s:\n              template: This is var1 template var2\n"+
			"              params:\n                var1: a\n                var2: string", c.Name, c.Name))
	}
	return checkParams(c, params)
}

func checkParams(c *Call, params Expr) error {
	if !isMap(params) && !isCall(params) {
		return fmt.Errorf("%q parameters must be a mapping", c.Name)
	}
	return nil
}

// replacement is one run of a str_replace of some kind.
type replacement struct {
	call   *Call
	json   bool // maps and lists are written as JSON
	strict bool // every placeholder must occur
	filled bool // no value may be empty

	params *yaml.Map
	found  map[string]bool
}

func (r replacement) replace(template, params any) (any, error) {
	text, ok := template.(string)
	if !ok {
		return nil, fmt.Errorf("%q template must be a string", r.call.Name)
	}
	if r.params, ok = params.(*yaml.Map); !ok {
		return nil, fmt.Errorf("%q params must be a map", r.call.Name)
	}
	r.found = map[string]bool{}
	keys := r.params.Keys()
	longestFirst(keys)
	out, err := r.pieces([]string{text}, keys)
	if err != nil {
		return nil, err
	}
	if r.strict {
		missing := slices.DeleteFunc(keys, func(k string) bool { return r.found[k] })
		if len(missing) > 0 {
			return nil, fmt.Errorf("The following params were not found in the template: %s", strings.Join(missing, ","))
		}
	}
	return out[0], nil
}

// longestFirst sorts by length in characters, then by alphabet.
func longestFirst(keys []string) {
	slices.SortFunc(keys, func(a, b string) int {
		if d := utf8.RuneCountInString(b) - utf8.RuneCountInString(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

// pieces puts the first placeholder's value between the pieces that it cuts a text into,
// after these have been treated with the others.
func (r replacement) pieces(texts, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return texts, nil
	}
	value, err := r.value(keys[0])
	if err != nil {
		return nil, err
	}
	if keys[0] == "" {
		return nil, errors.New("empty separator")
	}
	out := make([]string, len(texts))
	for i, text := range texts {
		cut := strings.Split(text, keys[0])
		if len(cut) > 1 {
			r.found[keys[0]] = true
		}
		treated, err := r.pieces(cut, keys[1:])
		if err != nil {
			return nil, err
		}
		size := len(value) * len(treated)
		for _, t := range treated {
			size += len(t)
		}
		if err := checkText(r.call, size); err != nil {
			return nil, err
		}
		out[i] = strings.Join(treated, value)
	}
	return out, nil
}

func (r replacement) value(param string) (string, error) {
	v, _ := r.params.Get(param)
	text := ""
	switch v := v.(type) {
	case nil:
	case []any, *yaml.Map:
		switch {
		case !r.json:
			return "", fmt.Errorf("%q params must be strings or numbers, param %s is not valid", r.call.Name, param)
		case !r.filled || !falsy(v):
			text = yaml.Dumps(v, true)
		}
	default:
		text = yaml.Str(v)
	}
	if r.filled && text == "" {
		return "", fmt.Errorf("%s has an undefined or empty value for param %s, must be a defined non-empty value", r.call.Name, param)
	}
	return text, nil
}
