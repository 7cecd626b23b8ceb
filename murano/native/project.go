package native

import (
	"cmp"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

var projectNoun = &noun{class: "io.murano.Project", collection: "projects", key: "project",
	own: []string{"id", "name", "description"}, hidden: []string{"links", "parent_id", "enabled"}}

// projectClass is io.murano.Project (murano/engine/system/project.py): the project that the
// programs act in, and that of who made the environment.
var projectClass = &muranopl.Native{Name: "io.murano.Project", Methods: []muranopl.NativeMethod{
	projectNoun.static("getCurrent", func(s *Session) *yaml.Map { return projectOf(s.Caller) }),
	projectNoun.static("getEnvironmentOwner", func(s *Session) *yaml.Map { return projectOf(s.owner()) }),
}}

func projectOf(c *core.Caller) *yaml.Map {
	return yaml.MapOf("id", c.ProjectID, "name", cmp.Or(c.ProjectName, c.ProjectID))
}
