package engine

import (
	"hearth/core/yaml"
)

// TemplateRequest is a template with what it needs to mean something, as create,
// update, preview and validate take it.
type TemplateRequest struct {
	// Template is the parsed template; nil when the request has none.
	Template *yaml.Node
	// Environment is the parsed environment; nil for none. It is ignored when
	// EnvironmentFiles names files to merge.
	Environment      *yaml.Node
	EnvironmentFiles []string
	Files            map[string]string
	Parameters       *yaml.Map
}

// CreateRequest asks for a new stack.
type CreateRequest struct {
	TemplateRequest
	StackName       string
	TimeoutMins     *int // nil: the engine's default
	DisableRollback bool
	Tags            []string
	// Adopt is an export (see Export) whose objects are taken over instead of made; nil for
	// none. What else the request says wins over what the export says.
	Adopt *yaml.Map
}

// UpdateRequest asks a stack to become something else. With Existing (PATCH) what is not
// given stays as it is.
type UpdateRequest struct {
	TemplateRequest
	Existing        bool
	ClearParameters []string
	TimeoutMins     *int
	DisableRollback *bool
	Tags            *[]string
	Converge        bool // look at the real objects, too
}

// StackRef names one stack in a URL: both must match when both are given.
type StackRef struct{ Name, ID string }

// ListOptions says which stacks to list, in which order. The zero value lists the top
// stacks of the caller's project, newest first.
type ListOptions struct {
	Limit                              int    // 0: no limit
	Marker                             string // the id of the last stack of the page before
	SortKeys                           []string
	SortDesc                           bool
	SortGiven                          bool // a direction was asked for
	ShowDeleted                        bool
	ShowNested                         bool
	ShowHidden                         bool
	AllProjects                        bool
	Tags, TagsAny, NotTags, NotTagsAny []string
	Filters                            map[string][]string // id, name, status, action, username, owner_id …: IN
	WithCount                          bool
}

// ResourceFilter says which resources of a stack to list.
type ResourceFilter struct {
	NestedDepth int
	Filters     map[string][]string // type (substring), status, name, action, id, physical_resource_id
}

// EventFilter says which events of a stack to list.
type EventFilter struct {
	Resource    string // only of this resource
	Limit       int
	Marker      string
	SortKeys    []string
	SortDir     string
	NestedDepth int
	Filters     map[string][]string // resource_action, resource_status, resource_name, resource_type
	Properties  bool                // with what the resources were made of
}

// ValidateOptions are the options of validate.
type ValidateOptions struct {
	ShowNested bool
	// IgnoreUnavailable passes over types whose service the caller's catalogue does not
	// have (ignore_errors=99001).
	IgnoreUnavailable bool
}
