package aws

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/waitsignal"
)

// Follows heat/engine/resources/aws/cfn/wait_condition.py.
var waitConditionType = resource.Type{
	Name:        "AWS::CloudFormation::WaitCondition",
	Description: "Holds the stack up until its handle has received enough signals of success, or fails on a signal of failure or after too long.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"Handle": {Kind: schema.String, Required: true, Rank: -2, Description: "A reference to the wait condition handle used to signal this wait condition."},
		"Timeout": {
			Kind: schema.Integer, Required: true, Rank: -1, Description: "The number of seconds to wait for the correct number of signals to arrive.",
			Constraints: []schema.Constraint{schema.Range{Min: 1, Max: 43200}},
		},
		"Count": {
			Kind: schema.Integer, Default: int64(1), UpdateAllowed: true, Description: "The number of success signals that must be received before the stack creation process continues.",
			Constraints: []schema.Constraint{schema.Range{Min: 1}},
		},
	},
	Attributes: schema.Attributes{
		"Data": {Kind: schema.String, Live: true, Description: "JSON string containing data associated with wait condition signals sent to the handle."},
	},
	New: func() resource.Resource {
		return waitCondition{waitsignal.Condition{Handle: "Handle", Timeout: "Timeout", Count: "Count"}}
	},
}

// waitCondition waits for a handle by its address, not by its name.
type waitCondition struct{ waitsignal.Condition }

func (w waitCondition) Create(ctx context.Context, c *resource.Context) error {
	if err := checkAddress(ctx, c); err != nil {
		return err
	}
	return w.Condition.Create(ctx, c)
}

// handleTypes have addresses for references.
var handleTypes = []string{waitConditionHandleType.Name, "OS::Heat::UpdateWaitConditionHandle"}

// checkAddress returns a ValueError unless Handle is the address of a handle of this stack.
func checkAddress(ctx context.Context, c *resource.Context) error {
	handle := c.Properties.String("Handle")
	u, err := url.Parse(handle)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path == "" {
		return core.Errorf(core.Invalid, "ValueError", `"%s" is not a valid URL`, handle)
	}
	at, ok := signalled(u)
	if !ok {
		return core.Errorf(core.Invalid, "ValueError", `"%s" is not a valid ARN URL`, handle)
	}
	refuse := func(what, name string) error {
		return core.Errorf(core.Invalid, "ValueError", "WaitCondition invalid Handle %s", strings.TrimSpace(what+" "+name))
	}
	switch {
	case at.Tenant != c.Stack.ProjectID:
		return refuse("tenant", at.Tenant)
	case at.StackName != c.Stack.Name:
		return refuse("stack", at.StackName)
	case at.StackID != c.Stack.ID:
		return refuse("stack", at.StackID)
	}
	row, err := c.Siblings.ByName(ctx, at.Path)
	switch {
	case cloud.NotFound(err):
		return refuse("", at.Path)
	case err != nil:
		return err
	case !slices.Contains(handleTypes, row.Class):
		return refuse("", at.Path)
	}
	return nil
}

// signalled reads the address of a signal: …/waitcondition/arn, or what handles were given
// before, …/tenant/stacks/name/id/resources/resource/signal. Path is the resource.
func signalled(u *url.URL) (core.Identifier, bool) {
	if _, arn, found := strings.Cut(u.Path, "/waitcondition/"); found {
		id, ok := core.ParseARN(arn)
		if id.Path, found = strings.CutPrefix(id.Path, "/resources/"); !found {
			return id, false
		}
		return id, ok
	}
	p := strings.Split(u.EscapedPath(), "/")
	if len(p) < 7 {
		return core.Identifier{}, false
	}
	p = p[len(p)-7:]
	for i, part := range p {
		var err error
		if p[i], err = url.PathUnescape(part); err != nil {
			return core.Identifier{}, false
		}
	}
	if p[1] != "stacks" || p[4] != "resources" || p[6] != "signal" {
		return core.Identifier{}, false
	}
	return core.Identifier{Tenant: p[0], StackName: p[2], StackID: p[3], Path: p[5]}, true
}
