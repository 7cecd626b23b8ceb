package engine

import (
	"hearth/core"
	"hearth/core/yaml"
)

// ResourceView is a resource as the APIs show it.
type ResourceView struct {
	*core.Resource
	Stack       core.Identifier
	RequiredBy  []string         // names of resources that depend on it
	Nested      *core.Identifier // its nested stack
	Parent      string           // the resource that the stack of this one is, "" in a top stack
	Description string
	Attributes  *yaml.Map // live ones; nil unless asked for
}

// EventView is an event with the stack it happened in.
type EventView struct {
	*core.Event
	Stack, Root core.Identifier
}

// StackPreview is what a create would make: nothing is stored.
type StackPreview struct {
	Stack      core.Stack
	Parameters *yaml.Map
	Resources  []PreviewResource
}

// PreviewResource is one resource that does not exist yet. Children are set for a
// resource with a nested stack.
type PreviewResource struct {
	Name, Type  string
	PhysicalID  string
	Description string
	Properties  *yaml.Map
	Metadata    *yaml.Map
	Requires    []string
	RequiredBy  []string
	Attributes  *yaml.Map
	Nested      bool
	Children    []PreviewResource
	StackName   string
	StackID     string
	ParentName  string

	// Of the preview of an update:

	// Changed are the properties that will be others, and Unknown those of which that shows
	// only when the update is done.
	Changed, Unknown []string
	// Maybe says that it hangs on what shows only then: the resource may stay as it is.
	Maybe bool
	// Reason is why the object is replaced, and Refused why the update will fail here.
	Reason, Refused string
}

// Changes is what an update would do, by resource.
type Changes struct {
	Unchanged, Updated, Replaced, Added, Deleted []PreviewResource
}
