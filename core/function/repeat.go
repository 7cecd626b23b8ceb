package function

import (
	"errors"
	"fmt"
	"strings"

	"hearth/core/yaml"
)

// repeatList is {template, for_each: {placeholder: list}}: a copy of the template for
// every combination, the last list varying fastest (2015-04-30).
var repeatList = repeatDef(false, false)

// repeatMap takes maps as well, for their keys (2016-10-14).
var repeatMap = repeatDef(true, false)

// repeatNested has permutations: false, which takes the lists item by item (2017-09-01).
var repeatNested = repeatDef(true, true)

func repeatDef(maps, permutations bool) def {
	return def{
		doc: "A function for iterating over a list of items or a dict of keys.",
		check: func(c *Call) error {
			if !isMap(c.Args) {
				return fmt.Errorf("Arguments to %q must be a map", c.Name)
			}
			if field(c.Args, "for_each") == nil || field(c.Args, "template") == nil {
				return keyError("\"repeat\" syntax should be repeat:\n              template: This is %var%\n" +
					"              for_each:\n                %var%: ['a', 'b', 'c']")
			}
			if p := field(c.Args, "permutations"); permutations && p != nil {
				if l, ok := p.(*Literal); !ok || yaml.TypeName(l.Value) != "bool" {
					return fmt.Errorf(`"permutations" should be boolean type for %s function.`, c.Name)
				}
			}
			return nil
		},
		validate: func(_ Scope, c *Call) error {
			if each := field(c.Args, "for_each"); !isCall(each) && !isMap(each) {
				return fmt.Errorf("The \"for_each\" argument to %q must contain a map", c.Name)
			}
			return nil
		},
		result: func(_ Scope, c *Call, args any) (any, error) {
			nested := true
			if permutations && named(args, "permutations") == false {
				nested = false
			}
			each, ok := compact(named(args, "for_each")).(*yaml.Map)
			if !ok {
				return nil, fmt.Errorf("The \"for_each\" argument to %q must contain a map", c.Name)
			}
			if each.Len() == 0 {
				return nil, errors.New("not enough values to unpack (expected 2, got 0)")
			}
			lists, err := repeatLists(c, each, maps && nested, nested)
			if err != nil {
				return nil, err
			}
			return repeatOver(c, each.Keys(), lists, nested, named(args, "template"))
		},
	}
}

func repeatLists(c *Call, each *yaml.Map, maps, nested bool) ([][]any, error) {
	var lists [][]any
	length, equal := -1, true
	for _, v := range each.All() {
		var list []any
		switch v := v.(type) {
		case nil:
			lists = append(lists, nil)
			continue
		case []any:
			list = v
		case *yaml.Map:
			if !maps {
				return nil, fmt.Errorf("The values of the \"for_each\" argument to %q must be lists", c.Name)
			}
			for _, k := range v.Keys() {
				list = append(list, k)
			}
		default:
			what := "lists"
			if maps {
				what = "lists or maps"
			}
			return nil, fmt.Errorf("The values of the \"for_each\" argument to %q must be %s", c.Name, what)
		}
		equal = equal && (length < 0 || length == len(list))
		length = len(list)
		lists = append(lists, list)
	}
	if !nested && !equal {
		return nil, fmt.Errorf("For %s, the length of for_each values should be equal if no nested loop.", c.Name)
	}
	return lists, nil
}

func repeatOver(c *Call, keys []string, lists [][]any, nested bool, template any) (any, error) {
	size, rounds := count(template), 1
	for i, l := range lists {
		switch {
		case nested:
			rounds *= len(l)
		case i == 0 || len(l) < rounds:
			rounds = len(l)
		}
		if err := checkItems(c, rounds*size); err != nil {
			return nil, err
		}
	}
	out := make([]any, 0, rounds)
	values := make([]any, len(lists))
	for i := range rounds {
		rest := i
		for j := len(lists) - 1; j >= 0; j-- {
			if !nested {
				values[j] = lists[j][i]
				continue
			}
			values[j] = lists[j][rest%len(lists[j])]
			rest /= len(lists[j])
		}
		v, err := substitution{c, keys, values}.in(template)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// substitution is one round of a repeat: what stands for each placeholder.
type substitution struct {
	call   *Call
	keys   []string
	values []any
}

// in replaces the placeholders one after the other in every text of the template,
// keys of maps too.
func (s substitution) in(template any) (any, error) {
	switch t := template.(type) {
	case string:
		return s.text(t)
	case []any:
		out := make([]any, len(t))
		for i, item := range t {
			v, err := s.in(item)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case *yaml.Map:
		out := yaml.NewMap(t.Len())
		for k, item := range t.All() {
			key, err := s.text(k)
			if err != nil {
				return nil, err
			}
			v, err := s.in(item)
			if err != nil {
				return nil, err
			}
			out.Set(key, v)
		}
		return out, nil
	}
	return template, nil
}

func (s substitution) text(text string) (string, error) {
	for i, key := range s.keys {
		value, ok := s.values[i].(string)
		if !ok {
			return "", fmt.Errorf("replace() argument 2 must be str, not %s", yaml.TypeName(s.values[i]))
		}
		if err := checkText(s.call, len(text)+strings.Count(text, key)*len(value)); err != nil {
			return "", err
		}
		text = strings.ReplaceAll(text, key, value)
	}
	return text, nil
}
