package engine

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/store"
)

// SignalLinks makes the addresses, tokens, access keys and accounts with which software in
// servers reads and signals one resource, until the resource is gone. Of the first three
// nothing is stored: each is made from the resource's id with a signature (decisions/0008).
type SignalLinks struct {
	Endpoint string // of Heat v1, without the project: http://host:8004/v1
	CFN      string // of the CloudFormation API, as servers in the cloud reach it: http://host:8000/v1
	Identity string // address of the identity service, as servers in the cloud reach it
	Region   string
	Key      []byte

	// Cloud and Store make accounts; without a Cloud, or one without a domain for them, the
	// token stands for the password.
	Cloud *cloud.Cloud
	Store *store.Store
}

var _ resource.Links = SignalLinks{}

// signalPrefix tells these tokens from those of the identity service.
const signalPrefix = "hearth-signal."

// Signal implements resource.Links.
func (l SignalLinks) Signal(c *resource.Context) string { return l.signalIn(c.Stack.ProjectID, c) }

// signalIn is the signal address below a project: that of the stack or that of its users.
func (l SignalLinks) signalIn(project string, c *resource.Context) string {
	return l.Endpoint + "/" + project + "/" + identify(c).Stack() + "/signal"
}

func identify(c *resource.Context) core.Identifier {
	return core.Identifier{Tenant: c.Stack.ProjectID, StackName: c.Stack.Name, StackID: c.Stack.ID}.Resource(c.Name)
}

// SignalToken implements resource.Links.
func (l SignalLinks) SignalToken(c *resource.Context) string { return l.token(c.ID) }

func (l SignalLinks) token(id string) string { return signalPrefix + id + "." + l.sign(id) }

// SignatureParam is the parameter of the query that lets a signal in without a token, at
// addresses of Heat v1 that were given out before there were those of the CloudFormation API.
const SignatureParam = "signature"

// SignatureToken is the token for what a query has under SignatureParam.
func SignatureToken(signature string) string { return signalPrefix + signature }

func signalUser(id string) string { return "signal-" + id }

func (l SignalLinks) sign(id string) string {
	return base64.RawURLEncoding.EncodeToString(l.mac(signalPrefix + id))
}

func (l SignalLinks) mac(text string) []byte {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Authenticate gives the caller behind a signal token: one that may read and signal the
// resource, with the role heat_stack_user. ok is false when the token is not one of these;
// one that is, but is false or whose resource is gone, is Unauthorized.
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
	return &core.Caller{Token: token, ProjectID: s.ProjectID, UserID: signalUser(row.ID), Roles: []string{core.StackUserRole},
		ResourceID: row.ID, StackID: row.StackID}, true, nil
}
