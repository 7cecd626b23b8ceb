// Package schema describes what a value must be: one description for template
// parameters, resource properties and resource attributes. From the same value come
// validation, defaults, the answers of resource_types and generated templates
// (heat/engine/properties.py, constraints.py, attributes.py).
package schema

// Kind is the type of a value.
type Kind string

// The kinds, under the names that resource_types shows for properties.
const (
	String  Kind = "string"
	Integer Kind = "integer"
	Number  Kind = "number"
	Boolean Kind = "boolean"
	Map     Kind = "map"
	List    Kind = "list"
	Any     Kind = "any"
)

// Properties is the schema of a resource type's properties, or of the keys of a map.
type Properties map[string]Property

// Property describes one property.
type Property struct {
	Kind        Kind
	Description string
	Required    bool
	Default     any // nil: none
	// UpdateAllowed: a change is made in place; else it replaces the resource.
	UpdateAllowed bool
	// Immutable: a change is refused.
	Immutable   bool
	Constraints []Constraint
	Fields      Properties // of a Map; nil: any keys
	Item        *Property  // of a List; nil: anything
	Support     Support
	// ReplacedBy names the sibling that took this property's place: a value given here
	// moves there before defaults are filled in and values are checked
	// (heat/engine/translation.py, REPLACE).
	ReplacedBy string
	// Rank is the place among the siblings when they are checked, lowest first; those of one
	// rank go by name. Heat reports the first problem in the order of its source.
	Rank int
	// Sensitive values are masked in events, logs and plans.
	Sensitive bool
	// NotImplemented is accepted with a warning and has no effect.
	NotImplemented bool
	// Converts: a Map takes texts and lists too, a List a text with commas: the properties
	// that a provider template's json and comma_delimited_list parameters become.
	Converts bool
}

// Attributes is the schema of a resource type's attributes.
type Attributes map[string]Attribute

// Attribute describes one attribute. Live ones are read anew at every show.
type Attribute struct {
	Kind        Kind
	Description string
	Support     Support
	Live        bool
}

// Support says since when and how well something is supported.
type Support struct {
	Status   string // SUPPORTED ("" means it), DEPRECATED, HIDDEN, UNSUPPORTED
	Version  string // "2014.1", "5.0.0"
	Message  string
	Previous *Support
}

// Constraint is one condition on a value.
type Constraint interface {
	// Check gives Heat's text for what is wrong with the value, "" for nothing.
	// A value it does not apply to passes.
	Check(value any) string
	// Doc is the constraint as resource_types shows it: {"range": {"min": 1}}.
	Doc() map[string]any
}
