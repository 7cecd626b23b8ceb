package function

import (
	"fmt"

	"hearth/core/yaml"
)

// fnSplit is Fn::Split: [delimiter, text].
var fnSplit = def{
	doc: "A function for splitting strings.",
	check: func(c *Call) error {
		usage := fmt.Errorf(`Incorrect arguments to "%s" should be: "%s" : [ ",", "str1,str2"]]`, c.Name, c.Name)
		if _, isText := literalText(c.Args); isText || isMap(c.Args) {
			return usage
		}
		_, err := unpack(c.Args, 2)
		if wrongCount(err) {
			return usage
		}
		return err
	},
	result: func(_ Scope, c *Call, args any) (any, error) {
		if _, ok := arg(args, 0).(string); !ok {
			return nil, fmt.Errorf("Delimiter for %s must be string", c.Name)
		}
		if _, ok := arg(args, 1).(string); !ok {
			return nil, fmt.Errorf("String to split must be string; got <class '%s'>", yaml.TypeName(arg(args, 1)))
		}
		return splitText(arg(args, 0), arg(args, 1))
	},
}
