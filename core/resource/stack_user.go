package resource

import "context"

// Links lets software that has no account of the project's in to one resource: by addresses
// that are signed, by a token, by an access key or by an account of its own
// (heat/engine/resources/stack_user.py). Whatever it is, it may read the resource and signal
// it, nothing else, and it is good for nothing once the resource is gone.
type Links interface {
	// Signal is the Heat v1 address that signals the resource; it takes a token.
	Signal(c *Context) string
	// SignalToken is a token for Signal.
	SignalToken(c *Context) string
	// SignalURL is an address of the CloudFormation API that signals the resource: whoever
	// has it may POST to it.
	SignalURL(c *Context) string
	// AlarmURL is SignalURL for alarms, which says nothing of when it was made.
	AlarmURL(c *Context) string
	// WaitConditionURL is SignalURL for handles of wait conditions, by PUT.
	WaitConditionURL(c *Context) string
	// AccessKey is an EC2 access key of the resource with its secret.
	AccessKey(c *Context) (access, secret string)
	// MetadataURL is the address of the CloudFormation API, with a slash at the end.
	MetadataURL() string

	// SignalLogin gives an account of the resource, which is made at first and remembered in
	// c.Data.
	SignalLogin(ctx context.Context, c *Context) (SignalLogin, error)
	// AllowLogin lets the account in, or no longer. A resource without one has nothing to be
	// let in.
	AllowLogin(ctx context.Context, c *Context, allowed bool) error
	// ForgetLogin removes the account. One that is not there is success.
	ForgetLogin(ctx context.Context, c *Context) error
}

// SignalLogin names an account that may signal one resource. SignalURL is the Heat v1
// address that it signals.
type SignalLogin struct{ AuthURL, UserName, UserID, Password, ProjectID, DomainID, Region, SignalURL string }

// AccountSwitch suspends and resumes the account of a resource that is nothing more than
// that (handle_suspend of heat/engine/resources/stack_user.py).
type AccountSwitch struct{}

var (
	_ Suspender = AccountSwitch{}
	_ Resumer   = AccountSwitch{}
)

// Suspend implements Suspender.
func (AccountSwitch) Suspend(ctx context.Context, c *Context) error {
	return c.Links.AllowLogin(ctx, c, false)
}

// SuspendComplete implements Suspender.
func (AccountSwitch) SuspendComplete(context.Context, *Context) (Progress, error) { return Done, nil }

// Resume implements Resumer.
func (AccountSwitch) Resume(ctx context.Context, c *Context) error {
	return c.Links.AllowLogin(ctx, c, true)
}

// ResumeComplete implements Resumer.
func (AccountSwitch) ResumeComplete(context.Context, *Context) (Progress, error) { return Done, nil }
