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
	taskContent = corestore.Content[murano.Task]{Table: "tasks", ID: func(t *murano.Task) string { return t.ID },
		Columns: []corestore.Column[murano.Task]{
			{Name: "action", JSON: func(t *murano.Task) *json.RawMessage { return &t.Action }},
			{Name: "description", JSON: func(t *murano.Task) *json.RawMessage { return &t.Description }},
			{Name: "model", JSON: func(t *murano.Task) *json.RawMessage { return &t.Model }},
			{Name: "result", JSON: func(t *murano.Task) *json.RawMessage { return &t.Result }},
		}}
)

// SealedTables are Murano's tables with sealed columns, for the Rotate of hearth/core/store.
func SealedTables() []corestore.SealedTable {
	return []corestore.SealedTable{
		environmentContent.Sealing(), sessionContent.Sealing(),
		taskContent.Sealing(corestore.SealedBytes{Column: "credentials", About: "id"}),
	}
}
