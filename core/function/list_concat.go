package function

import (
	"fmt"

	"hearth/core/yaml"
)

// listConcat is a list of lists: all their items; null counts as empty.
var listConcat = def{
	doc:    "A function for extending lists.",
	result: concat,
}

// listConcatUnique keeps only the first of equal items.
var listConcatUnique = def{
	doc: "A function for extending lists with unique items.",
	result: func(s Scope, c *Call, args any) (any, error) {
		v, err := concat(s, c, args)
		if err != nil {
			return nil, err
		}
		out := []any{}
		for _, item := range v.([]any) {
			if !within(item, out) {
				out = append(out, item)
			}
		}
		return out, nil
	},
}

func concat(_ Scope, c *Call, args any) (any, error) {
	args = compact(args)
	lists, ok := args.([]any)
	if !ok {
		return nil, fmt.Errorf(`Incorrect arguments to "%s" should be: "%s" : [ [ <value 1>, <value 2> ], [ <value 3>, <value 4> ] ]`, c.Name, c.Name)
	}
	out := []any{}
	for _, l := range lists {
		list, ok := l.([]any)
		if !ok && l != nil {
			return nil, fmt.Errorf("Incorrect arguments: Items to concat must be lists. %s contains an item that is not a list: %s",
				yaml.Dumps(args, false), yaml.Dumps(l, false))
		}
		if err := checkItems(c, len(out)+len(list)); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}
