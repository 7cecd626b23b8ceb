package native

import (
	"cmp"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

var userNoun = &noun{class: "io.murano.User", collection: "users", key: "user",
	own: []string{"id", "name", "email"}, hidden: []string{"links", "enabled", "default_project_id"}}

// userClass is io.murano.User (murano/engine/system/user.py): who the programs act for, and
// who made the environment.
var userClass = &muranopl.Native{Name: "io.murano.User", Methods: []muranopl.NativeMethod{
	userNoun.static("getCurrent", func(s *Session) *yaml.Map { return userOf(s.Caller) }),
	userNoun.static("getEnvironmentOwner", func(s *Session) *yaml.Map { return userOf(s.owner()) }),
}}

func userOf(c *core.Caller) *yaml.Map {
	return yaml.MapOf("id", c.UserID, "name", cmp.Or(c.UserName, c.UserID), "domain_id", cmp.Or(c.UserDomainID, "Default"))
}
