package engine

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/store"
)

// SignalLinks makes the address and the token with which a resource is signalled from
// outside, by software that has no account: a token that is good for one resource, until
// the resource is gone. Nothing is stored; the token is the resource's id with a signature.
type SignalLinks struct {
	Endpoint string // of Heat v1, without the project: http://host:8004/v1
	Identity string // address of the identity service, as servers in the cloud reach it
	Region   string
	Key      []byte
}

var _ resource.Links = SignalLinks{}

// signalPrefix tells these tokens from those of the identity service.
const signalPrefix = "hearth-signal."

// Signal is the Heat v1 address that signals the resource.
func (l SignalLinks) Signal(c *resource.Context) string {
	id := core.Identifier{Tenant: c.Stack.ProjectID, StackName: c.Stack.Name, StackID: c.Stack.ID}.Resource(c.Name)
	return l.Endpoint + "/" + c.Stack.ProjectID + "/" + id.Stack() + "/signal"
}

// SignalToken is the token for Signal.
func (l SignalLinks) SignalToken(c *resource.Context) string {
	return signalPrefix + c.ID + "." + l.sign(c.ID)
}

// SignatureParam is the parameter of the query that lets a signal in without a token.
const SignatureParam = "signature"

// SignalURL is the address with the token's part that counts, under SignatureParam.
func (l SignalLinks) SignalURL(c *resource.Context) string {
	return l.Signal(c) + "?" + SignatureParam + "=" + c.ID + "." + l.sign(c.ID)
}

// SignatureToken is the token for what a query has under SignatureParam.
func SignatureToken(signature string) string { return signalPrefix + signature }

// SignalLogin names the caller behind the resource's token, with the token for a password.
// There is no account of that name: the token is used as it is.
func (l SignalLinks) SignalLogin(c *resource.Context) resource.SignalLogin {
	return resource.SignalLogin{AuthURL: l.Identity, UserName: c.PhysicalName(0), UserID: signalUser(c.ID), Password: l.SignalToken(c),
		ProjectID: c.Stack.ProjectID, Region: l.Region}
}

func signalUser(id string) string { return "signal-" + id }

func (l SignalLinks) sign(id string) string {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte(signalPrefix + id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Authenticate gives the caller behind a signal token: one that may signal the resource,
// with the role heat_stack_user. ok is false when the token is not one of these; one
// that is, but is false or whose resource is gone, is Unauthorized.
func (l SignalLinks) Authenticate(ctx context.Context, st *store.Store, token string) (caller *core.Caller, ok bool, err error) {
	rest, ok := strings.CutPrefix(token, signalPrefix)
	if !ok {
		return nil, false, nil
	}
	id, sum, _ := strings.Cut(rest, ".")
	if !hmac.Equal([]byte(sum), []byte(l.sign(id))) {
		return nil, true, core.Errorf(core.Unauthorized, "Unauthorized", "The signal token is not valid.")
	}
	row, err := st.FindResourceByID(ctx, id)
	if err != nil {
		return nil, true, err
	}
	if row == nil || row.Action == core.Delete && row.Status == core.Complete {
		return nil, true, core.Errorf(core.Unauthorized, "Unauthorized", "The signal token is no longer valid: its resource is gone.")
	}
	s, err := st.FindStack(ctx, row.StackID)
	if err != nil || s == nil {
		return nil, true, err
	}
	return &core.Caller{Token: token, ProjectID: s.ProjectID, UserID: signalUser(row.ID), Roles: []string{"heat_stack_user"}, ResourceID: row.ID}, true, nil
}
