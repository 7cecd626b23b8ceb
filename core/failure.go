package core

import "encoding/json"

// Failure is why an action of a stack failed, at its root: the resource, however deep in
// nested stacks, and what was wrong with it, without the prefixes of the stacks between.
type Failure struct {
	// Path names the resources from the stack that holds the Failure down to the one that
	// failed.
	Path         []string `json:"resource_path"`
	StackID      string   `json:"stack_id"` // of the stack that the resource is in
	ResourceType string   `json:"resource_type"`
	PhysicalID   string   `json:"physical_resource_id,omitempty"`
	Action       Action   `json:"action"`
	Cause        string   `json:"cause"`   // the exception's name: ResourceInError, Conflict, ValueError …
	Message      string   `json:"message"` // its text alone
	// HTTPStatus and RequestID are those of the cloud's answer; 0 and "" when it gave none.
	HTTPStatus int    `json:"http_status,omitempty"`
	RequestID  string `json:"request_id,omitempty"`
	// Place is where the template defines the resource; nil when that is not known: the
	// client sent no text.
	Place *Place `json:"template,omitempty"`
}

// Place is a place in a template, counted from 1.
type Place struct {
	File   string `json:"file,omitempty"` // "" for the template of the request
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Within gives the failures of a nested stack as the stack above sees them.
func Within(resource string, failures []Failure) []Failure {
	out := make([]Failure, len(failures))
	for i, f := range failures {
		out[i] = f
		out[i].Path = append([]string{resource}, f.Path...)
	}
	return out
}

// Failures are why the stack's last action failed, or why it was rolled back; the first is
// the first that happened.
func (s *Stack) Failures() []Failure {
	var out []Failure
	if json.Unmarshal(s.FailureList, &out) != nil {
		return nil
	}
	return out
}
