package v1

import (
	"bytes"

	"hearth/core"
)

// stackIdentity is what create answers.
type stackIdentity struct {
	ID    string `json:"id"`
	Links []link `json:"links"`
}

// StackShow is a stack as show and preview present it (heat/engine/api.py format_stack).
type StackShow struct {
	StackName           string                    `json:"stack_name" example:"web"`
	ID                  string                    `json:"id"`
	Links               []link                    `json:"links"`
	CreationTime        *string                   `json:"creation_time" example:"2026-01-02T03:04:05Z"`
	UpdatedTime         *string                   `json:"updated_time"`
	DeletionTime        *string                   `json:"deletion_time"`
	NotificationTopics  []string                  `json:"notification_topics"`
	Parameters          shaped[map[string]string] `json:"parameters" doc:"Values as text, with those of OS::stack_id, OS::stack_name and OS::project_id; hidden ones are ******."`
	Description         string                    `json:"description"`
	TemplateDescription string                    `json:"template_description"`
	Capabilities        []string                  `json:"capabilities"`
	DisableRollback     bool                      `json:"disable_rollback"`
	TimeoutMins         *int                      `json:"timeout_mins"`
	StackOwner          *string                   `json:"stack_owner" doc:"The name of the user who made it."`
	Parent              *string                   `json:"parent" doc:"The id of the stack that this one is nested in."`
	StackUserProjectID  *string                   `json:"stack_user_project_id"`
	Tags                []string                  `json:"tags"`
	StackStatus         string                    `json:"stack_status,omitempty" example:"CREATE_COMPLETE"`
	StackStatusReason   *string                   `json:"stack_status_reason,omitempty"`
	Outputs             shaped[[]output]          `json:"outputs,omitempty"`
	Failures            []core.Failure            `json:"failures,omitempty" doc:"Only with with_failures."`
}

// output is an output of a stack; output_error says why there is no value.
type output struct {
	OutputKey   string `json:"output_key"`
	Description string `json:"description"`
	OutputValue any    `json:"output_value"`
	OutputError string `json:"output_error,omitempty"`
}

// noDescription is what Heat shows for a template without a description.
const noDescription = "No description"

func description(text string) string {
	if text == "" {
		return noDescription
	}
	return text
}

// show presents a stack; with outputs or without.
func (l linker) show(s *core.Stack, outputs bool) StackShow {
	v := StackShow{
		StackName: s.Name, ID: s.ID, Links: l.stackSelf(s.Identifier()),
		CreationTime: dateOrNull(&s.CreatedAt), UpdatedTime: dateOrNull(s.UpdatedAt), DeletionTime: dateOrNull(s.DeletedAt),
		NotificationTopics: []string{}, Parameters: shaped[map[string]string](s.Parameters),
		Description: description(s.Description), TemplateDescription: description(s.Description),
		Capabilities: []string{}, DisableRollback: s.DisableRollback, TimeoutMins: s.TimeoutMins,
		StackOwner: textOrNull(s.Username), Parent: textOrNull(s.OwnerID), StackUserProjectID: textOrNull(s.StackUserProjectID),
		Tags: s.Tags, StackStatus: s.State(), StackStatusReason: &s.StatusReason,
	}
	if len(v.Parameters) == 0 {
		v.Parameters = []byte("{}")
	}
	if v.Tags == nil {
		v.Tags = []string{}
	}
	if outputs && !(s.Action == core.Delete && s.Status == core.Complete) {
		v.Outputs = shaped[[]output](s.Outputs)
		if len(bytes.TrimSpace(v.Outputs)) == 0 || string(v.Outputs) == "null" {
			v.Outputs = []byte("[]")
		}
	}
	return v
}

// stackEntry is a stack in a list. Its description is always empty, as in Heat.
type stackEntry struct {
	ID                 string   `json:"id"`
	Links              []link   `json:"links"`
	Project            string   `json:"project,omitempty" doc:"Shown to administrators."`
	StackName          string   `json:"stack_name" example:"web"`
	Description        string   `json:"description"`
	StackStatus        string   `json:"stack_status" example:"CREATE_COMPLETE"`
	StackStatusReason  string   `json:"stack_status_reason"`
	CreationTime       string   `json:"creation_time" example:"2026-01-02T03:04:05Z"`
	UpdatedTime        *string  `json:"updated_time"`
	DeletionTime       *string  `json:"deletion_time"`
	StackOwner         *string  `json:"stack_owner"`
	Parent             *string  `json:"parent"`
	StackUserProjectID *string  `json:"stack_user_project_id"`
	Tags               []string `json:"tags" nullable:"true"`
}

func (l linker) entry(s *core.Stack, project bool) stackEntry {
	e := stackEntry{
		ID: s.ID, Links: l.stackSelf(s.Identifier()), StackName: s.Name,
		StackStatus: s.State(), StackStatusReason: s.StatusReason,
		CreationTime: date(s.CreatedAt), UpdatedTime: dateOrNull(s.UpdatedAt), DeletionTime: dateOrNull(s.DeletedAt),
		StackOwner: textOrNull(s.Username), Parent: textOrNull(s.OwnerID), StackUserProjectID: textOrNull(s.StackUserProjectID),
	}
	if project {
		e.Project = s.ProjectID
	}
	if len(s.Tags) > 0 {
		e.Tags = s.Tags
	}
	return e
}
