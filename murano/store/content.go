package store

import (
	"encoding/json"

	corestore "hearth/core/store"
	"hearth/murano"
)

// Everything of Murano's tables in which users' secrets may stand.
var (
	environmentContent = corestore.Content[murano.Environment]{Table: "environments", ID: func(e *murano.Environment) string { return e.ID },
		Columns: []corestore.Column[murano.Environment]{
			{Name: "model", JSON: func(e *murano.Environment) *json.RawMessage { return &e.Model }},
		}}
	sessionContent = corestore.Content[murano.Session]{Table: "sessions", ID: func(s *murano.Session) string { return s.ID },
		Columns: []corestore.Column[murano.Session]{
			{Name: "model", JSON: func(s *murano.Session) *json.RawMessage { return &s.Model }},
		}}
	templateContent = corestore.Content[murano.EnvironmentTemplate]{Table: "environment_templates", ID: func(t *murano.EnvironmentTemplate) string { return t.ID },
		Columns: []corestore.Column[murano.EnvironmentTemplate]{
			{Name: "model", JSON: func(t *murano.EnvironmentTemplate) *json.RawMessage { return &t.Model }},
		}}
	taskContent = corestore.Content[murano.Task]{Table: "tasks", ID: func(t *murano.Task) string { return t.ID },
		Columns: []corestore.Column[murano.Task]{
			{Name: "action", JSON: func(t *murano.Task) *json.RawMessage { return &t.Action }},
			{Name: "description", JSON: func(t *murano.Task) *json.RawMessage { return &t.Description }},
			{Name: "model", JSON: func(t *murano.Task) *json.RawMessage { return &t.Model }},
			{Name: "result", JSON: func(t *murano.Task) *json.RawMessage { return &t.Result }},
		}}
	queueContent = corestore.Content[murano.AgentQueue]{Table: "agent_queues", ID: func(q *murano.AgentQueue) string { return q.ID },
		Columns: []corestore.Column[murano.AgentQueue]{
			{Name: "script", Text: func(q *murano.AgentQueue) *string { return &q.Script }},
			{Name: "log", JSON: func(q *murano.AgentQueue) *json.RawMessage { return &q.Log }},
		}}
	planContent = corestore.Content[murano.AgentPlan]{Table: "agent_plans", ID: func(p *murano.AgentPlan) string { return p.ID },
		Columns: []corestore.Column[murano.AgentPlan]{
			{Name: "plan", JSON: func(p *murano.AgentPlan) *json.RawMessage { return &p.Plan }},
			{Name: "steps", JSON: func(p *murano.AgentPlan) *json.RawMessage { return &p.Steps }},
			{Name: "answer", JSON: func(p *murano.AgentPlan) *json.RawMessage { return &p.Answer }},
		}}
)

// SealedTables are Murano's tables with sealed columns, for the Rotate of hearth/core/store.
func SealedTables() []corestore.SealedTable {
	return []corestore.SealedTable{
		environmentContent.Sealing(), sessionContent.Sealing(), templateContent.Sealing(),
		taskContent.Sealing(corestore.SealedBytes{Column: "credentials", About: "id"}),
		queueContent.Sealing(), planContent.Sealing(),
	}
}
