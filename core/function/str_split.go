package function

import (
	"errors"
	"fmt"
	"strings"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// strSplit is [delimiter, text, index?]: the pieces, or one of them; negative indexes
// count from the end. A null text is null.
var strSplit = def{
	doc: "A function for splitting delimited strings into a list.",
	check: func(c *Call) error {
		if _, isText := literalText(c.Args); isText || isMap(c.Args) {
			return splitUsage(c, "arguments")
		}
		return nil
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		list, ok := compact(args).([]any)
		if !ok || len(list) < 2 {
			return nil, splitUsage(c, "arguments")
		}
		if list[1] == nil {
			return nil, nil
		}
		pieces, err := splitText(list[0], list[1])
		if err != nil || len(list) == 2 {
			return pieces, err
		}
		if _, isText := list[2].(string); !isText && !yaml.IsNumber(list[2]) {
			_, err := schema.ToInteger(list[2])
			return nil, err
		}
		n, err := schema.ToInteger(list[2])
		if err != nil {
			return nil, splitUsage(c, "index")
		}
		i, ok := index(n, len(pieces))
		if !ok {
			return nil, fmt.Errorf("Incorrect index to %q should be between 0 and %d", c.Name, len(pieces)-1)
		}
		return pieces[i], nil
	},
}

func splitUsage(c *Call, what string) error {
	return fmt.Errorf(`Incorrect %s to "%s" should be: "%s" : [ ",", "apples,pears", <index>]`, what, c.Name, c.Name)
}

// splitText is Python's text.split(delimiter).
func splitText(delimiter, text any) ([]any, error) {
	s, ok := text.(string)
	if !ok {
		return nil, fmt.Errorf("'%s' object has no attribute 'split'", yaml.TypeName(text))
	}
	var parts []string
	switch d := delimiter.(type) {
	case nil:
		parts = strings.Fields(s)
	case string:
		if d == "" {
			return nil, errors.New("empty separator")
		}
		parts = strings.Split(s, d)
	default:
		return nil, fmt.Errorf("must be str or None, not %s", yaml.TypeName(delimiter))
	}
	out := make([]any, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	return out, nil
}
