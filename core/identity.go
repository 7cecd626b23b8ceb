package core

import "slices"

// Caller is who asks: the token's user, project and roles, as the identity service
// told them.
type Caller struct {
	Token        string
	UserID       string
	UserName     string
	UserDomainID string
	ProjectID    string
	ProjectName  string
	Roles        []string
	TrustID      string // set when the token was made from a trust
	// StandbyTrustID is a trust that Hearth acts by for the caller once the token has expired:
	// set for what Hearth itself does in a caller's name.
	StandbyTrustID string
	ResourceID     string // the one resource that the token is good for; "" for an ordinary token
	StackID        string // the stack of that resource
	RequestID      string // req-<uuid>, for logs and the cloud's request chain
	GlobalRequest  string
}

// HasRole reports whether the caller has the role in its project.
func (c *Caller) HasRole(role string) bool { return slices.Contains(c.Roles, role) }

// StackUserRole is the role of software in servers: it may read and signal the one resource
// that it was let in by (heat_stack_user_role).
const StackUserRole = "heat_stack_user"

// IsAdmin reports whether the caller has the admin role.
func (c *Caller) IsAdmin() bool { return c.HasRole("admin") }

// Credentials let the engine act for a user after the request has ended: with the token,
// and when that is no longer good, by the trust. They are stored encrypted.
type Credentials struct {
	UserID    string   `json:"user_id"`
	UserName  string   `json:"user_name"`
	ProjectID string   `json:"project_id"`
	Token     string   `json:"token,omitempty"`
	TrustID   string   `json:"trust_id,omitempty"`
	Borrowed  bool     `json:"borrowed,omitempty"` // the trust is another's to revoke
	Roles     []string `json:"roles,omitempty"`    // that are delegated
}

// OwnTrust is the trust that was made for these credentials and goes with them; "" for none.
func (c *Credentials) OwnTrust() string {
	if c.Borrowed {
		return ""
	}
	return c.TrustID
}
