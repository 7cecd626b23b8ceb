package function

import "fmt"

// getFile is {get_file: name}: the text of one of the stack's files.
var getFile = def{
	doc:   "A function for including a file inline.",
	reads: true,
	result: func(s Scope, c *Call, args any) (any, error) {
		name, ok := args.(string)
		if !ok {
			return nil, fmt.Errorf("Argument to %q must be a string", c.Name)
		}
		text, ok := s.File(name)
		if !ok {
			return nil, fmt.Errorf("No content found in the \"files\" section for %s path: %s", c.Name, name)
		}
		return text, nil
	},
}
