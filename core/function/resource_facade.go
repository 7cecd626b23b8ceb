package function

import (
	"fmt"
	"slices"
	"strings"
)

// resourceFacade reads metadata, deletion_policy or update_policy of the resource that a
// provider template stands for.
var resourceFacade = facadeDef([]string{"metadata", "deletion_policy", "update_policy"})

// fnResourceFacade is Fn::ResourceFacade, with the words of CFN.
var fnResourceFacade = facadeDef([]string{"Metadata", "DeletionPolicy", "UpdatePolicy"})

// facadeDef knows what may be read by its words, in the order metadata, deletion policy,
// update policy.
func facadeDef(words []string) def {
	return def{
		doc:   "A function for retrieving data in a parent provider template.",
		reads: true,
		check: func(c *Call) error {
			if word, ok := literalText(c.Args); ok && slices.Contains(words, word) {
				return nil
			}
			return fmt.Errorf("Incorrect arguments to %q should be one of: %s", c.Name, strings.Join(words, ", "))
		},
		result: func(s Scope, _ *Call, args any) (any, error) {
			what := []string{"metadata", "deletion_policy", "update_policy"}
			return s.Facade(what[slices.Index(words, args.(string))])
		},
	}
}
