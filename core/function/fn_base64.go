package function

import (
	"fmt"
)

// base64 is Fn::Base64, which gives the text as it is.
var base64 = def{
	doc: "A placeholder function for converting to base64.",
	result: func(_ Scope, c *Call, args any) (any, error) {
		if _, ok := args.(string); !ok {
			return nil, fmt.Errorf("%q argument must be a string", c.Name)
		}
		return args, nil
	},
}
