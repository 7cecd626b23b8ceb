package policy

// The personas of Heat's secure role-based access (heat/policies/base.py). A role that
// implies another counts as such even where the identity service does not expand it.
const (
	Reader    = "role:reader or role:member or role:admin"
	Member    = "role:member or role:admin"
	Admin     = "role:admin"
	StackUser = "role:heat_stack_user"
	Nobody    = "!"
)

// Base are the rules that others may refer to, in tables and in an operator's file
// (heat/policies/base.py).
var Base = []Rule{
	{Name: "context_is_admin", Check: Admin, Description: "Who counts as an administrator."},
	{Name: "project_admin", Check: Admin, Description: "Who administers a project."},
	{Name: "deny_stack_user", Check: "not " + StackUser, Description: "Everybody but the users of stacks."},
	{Name: "deny_everybody", Check: Nobody, Description: "Nobody."},
	{Name: "allow_everybody", Check: "", Description: "Everybody."},
}
