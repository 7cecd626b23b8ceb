package function

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hearth/core/yaml"
)

// memberListToMap is Fn::MemberListToMap: [key name, value name, ['.member.0.Name=…', …]].
var memberListToMap = def{
	doc: "A function to convert lists with enumerated keys and values to mapping.",
	check: func(c *Call) error {
		items, err := unpack(c.Args, 3)
		switch {
		case wrongCount(err):
			return fmt.Errorf("Wrong Arguments try: \"\n            {'Fn::MemberListToMap': ['Name', 'Value',\n" +
				"                                     ['.member.0.Name=key',\n" +
				"                                      '.member.0.Value=door']]}\n            \"")
		case err != nil:
			return err
		}
		for i, what := range []string{"Key", "Value"} {
			if _, ok := literalText(items[i]); !ok {
				return fmt.Errorf("%s %s Name must be a string", c.Name, what)
			}
		}
		return nil
	},
	result: func(_ Scope, _ *Call, args any) (any, error) {
		return memberMap(yaml.Str(arg(args, 0)), yaml.Str(arg(args, 1)), arg(args, 2))
	},
}

var member = regexp.MustCompile(`^\.member\.([0-9]+)\.(.*)`)

func memberMap(keyName, valueName string, members any) (any, error) {
	list, ok := members.([]any)
	if !ok {
		return nil, fmt.Errorf("Member list must be a list")
	}
	parts := map[string]*yaml.Map{}
	var order []string
	for _, m := range list {
		text, ok := m.(string)
		if !ok {
			return nil, fmt.Errorf("Member list items must be strings")
		}
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("dictionary update sequence element #0 has length 1; 2 is required")
		}
		at := member.FindStringSubmatch(name)
		if at == nil {
			continue
		}
		number := strings.TrimLeft(at[1], "0")
		if parts[number] == nil {
			parts[number] = yaml.NewMap(2)
			order = append(order, number)
		}
		parts[number].Set(at[2], value)
	}
	slices.SortFunc(order, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	out := yaml.NewMap(len(order))
	for _, number := range order {
		key, hasKey := parts[number].Get(keyName)
		value, hasValue := parts[number].Get(valueName)
		if hasKey && hasValue {
			out.Set(yaml.Str(key), value)
		}
	}
	return out, nil
}
