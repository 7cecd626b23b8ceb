package function

import (
	"fmt"
	"strings"

	"hearth/core/yaml"
)

// join is [delimiter, list]: list_join before 2015-10-15 and Fn::Join. Items are texts or null.
var join = def{
	doc: "A function for joining strings.",
	check: func(c *Call) error {
		if items, ok := Items(c.Args); !ok || len(items) != 2 {
			return fmt.Errorf(`Incorrect arguments to "%s" should be: "%s" : [ " ", [ "str1", "str2"]]`, c.Name, c.Name)
		}
		return nil
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		list, ok := arg(args, 1).([]any)
		if !ok && arg(args, 1) != nil {
			return nil, fmt.Errorf("%q must operate on a list", c.Name)
		}
		return joinTexts(c, arg(args, 0), list, func(v any) (string, error) {
			return "", fmt.Errorf("Items to join must be strings not %s", shortRepr(v))
		})
	},
}

// joinLists is [delimiter, list, list…] of 2015-10-15: maps and lists among the items are
// written as JSON with sorted keys. Empty arguments are passed over.
var joinLists = def{
	doc: "A function for joining one or more lists of strings.",
	check: func(c *Call) error {
		if items, ok := Items(c.Args); !ok || len(items) < 2 {
			return fmt.Errorf(`Incorrect arguments to "%s" should be: "%s" : [ " ", [ "str1", "str2"] ...]`, c.Name, c.Name)
		}
		return nil
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		var items []any
		for _, l := range compact(args.([]any)[1:]).([]any) {
			list, ok := l.([]any)
			if !ok && !falsy(l) {
				return nil, fmt.Errorf("%q must operate on a list", c.Name)
			}
			items = append(items, list...)
		}
		return joinTexts(c, arg(args, 0), items, func(v any) (string, error) {
			switch v.(type) {
			case []any, *yaml.Map:
				return yaml.Dumps(v, true), nil
			}
			return "", fmt.Errorf("Items to join must be string, map or list not %s", shortRepr(v))
		})
	},
}

func joinTexts(c *Call, delimiter any, items []any, other func(any) (string, error)) (any, error) {
	text, ok := delimiter.(string)
	if !ok {
		return nil, fmt.Errorf("%q delimiter must be a string", c.Name)
	}
	parts, size := make([]string, len(items)), len(text)*len(items)
	for i, item := range items {
		switch v := item.(type) {
		case nil:
		case string:
			parts[i] = v
		default:
			s, err := other(v)
			if err != nil {
				return nil, err
			}
			parts[i] = s
		}
		size += len(parts[i])
	}
	if err := checkText(c, size); err != nil {
		return nil, err
	}
	return strings.Join(parts, text), nil
}

// shortRepr is Python's repr(v)[:200].
func shortRepr(v any) string {
	r := []rune(yaml.Repr(v))
	return string(r[:min(len(r), 200)])
}
