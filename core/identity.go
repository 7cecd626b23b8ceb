package core

import "slices"

// Caller is who asks: the token's user, project and roles, as the identity service
// told them.
type Caller struct {
	Token         string
	UserID        string
	UserName      string
	UserDomainID  string
	ProjectID     string
	ProjectName   string
	Roles         []string
	TrustID       string // set when the token was made from a trust
	ResourceID    string // the one resource that the token is good for; "" for an ordinary token
	RequestID     string // req-<uuid>, for logs and the cloud's request chain
	GlobalRequest string
}

// HasRole reports whether the caller has the role in its project.
func (c *Caller) HasRole(role string) bool { return slices.Contains(c.Roles, role) }

// IsAdmin reports whether the caller has the admin role.
func (c *Caller) IsAdmin() bool { return c.HasRole("admin") }

// Credentials let the engine act for a user after the request has ended. They are
// stored encrypted.
type Credentials struct {
	UserID    string   `json:"user_id"`
	UserName  string   `json:"user_name"`
	ProjectID string   `json:"project_id"`
	Token     string   `json:"token,omitempty"`
	TrustID   string   `json:"trust_id,omitempty"`
	Roles     []string `json:"roles,omitempty"`
}
