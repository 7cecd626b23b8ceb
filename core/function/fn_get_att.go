package function

import (
	"fmt"
)

// getAtt is Fn::GetAtt: [resource, attribute].
var getAtt = def{
	doc: getAttrThenSelect.doc,
	check: func(c *Call) error {
		_, err := unpack(c.Args, 2)
		if wrongCount(err) {
			return fmt.Errorf("Arguments to %q must be of the form [resource_name, attribute]", c.Name)
		}
		return err
	},
	reference: attrReference,
	result: func(s Scope, _ *Call, args any) (any, error) {
		list, ok := args.([]any)
		if !ok {
			return nil, noReference(args, "unknown")
		}
		return readThenSelect(s, list)
	},
}
