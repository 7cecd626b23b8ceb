package function

import (
	"fmt"

	"hearth/core/yaml"
)

// Unknown is the value of a reference that is not known yet. Any function over an
// Unknown yields an Unknown. It satisfies schema.Unknown.
type Unknown struct {
	Resource string
	// Path is the attribute and what is asked of it; nil: the reference id; empty: all
	// attributes.
	Path []any
}

// UnknownValue marks the type for package schema.
func (Unknown) UnknownValue() {}

// String shows the reference as the template has it.
func (u Unknown) String() string {
	if u.Path == nil {
		return fmt.Sprintf("{get_resource: %s}", u.Resource)
	}
	return fmt.Sprintf("{get_attr: %s}", yaml.Repr(append([]any{u.Resource}, u.Path...)))
}

// Scope is what functions may ask of a stack.
type Scope interface {
	// Param gives a parameter's value, pseudo parameters included. It returns a
	// UserParameterMissing error when there is none.
	Param(name string) (any, error)
	// HasParam reports whether a parameter is declared.
	HasParam(name string) bool
	// RefID gives the reference id of an enabled resource, or Unknown.
	RefID(resource string) (any, error)
	// Attr gives an attribute of an enabled resource, or Unknown. path is the attribute's
	// name and what is asked of it; empty: a map of all attributes.
	Attr(resource string, path []any) (any, error)
	// Enabled reports whether the resource exists and its condition holds.
	Enabled(resource string) bool
	// File gives the text of one of the stack's files.
	File(name string) (string, bool)
	// Condition decides a condition of the template by its name.
	Condition(name string) (bool, error)
	// Facade gives metadata, deletion_policy or update_policy of the resource that this
	// stack stands for.
	Facade(what string) (any, error)
	// Mapping gives one of the CFN template's Mappings.
	Mapping(name string) (*yaml.Map, bool)
	// Zones gives the availability zones.
	Zones() ([]any, error)
}

// Evaluator is a parsed YAQL expression.
type Evaluator interface {
	// Evaluate computes the expression; data is what `$` stands for.
	Evaluate(data any) (any, error)
}
