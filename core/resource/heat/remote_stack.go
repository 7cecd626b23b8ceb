package heat

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/remote_stack.py.
var remoteStackType = resource.Type{
	Name:        "OS::Heat::Stack",
	Description: "Makes a stack through the orchestration API, in this or another region or in another cloud.",
	Service:     "orchestration",
	Properties: schema.Properties{
		"context": {
			Kind: schema.Map, UpdateAllowed: true, Description: "Where and as whom the stack is made.",
			Fields: schema.Properties{
				"region_name": {Kind: schema.String, Description: "The region in which the stack is made; a change replaces the stack."},
				"credential_secret_id": {
					Kind: schema.String, UpdateAllowed: true, Support: schema.Support{Version: "12.0.0"},
					Description: "Id of a secret of the key manager that holds a credential of another cloud: a map of auth_type and auth, as JSON.",
				},
				"ca_cert":  {Kind: schema.String, UpdateAllowed: true, Support: schema.Support{Version: "12.0.0"}, Description: "Certificates in PEM that the endpoints are verified with."},
				"insecure": {Kind: schema.Boolean, Default: false, UpdateAllowed: true, Support: schema.Support{Version: "12.0.0"}, Description: "Whether certificates are not verified at all."},
			},
		},
		"template":   {Kind: schema.String, Required: true, UpdateAllowed: true, Description: "The stack's template."},
		"timeout":    {Kind: schema.Integer, UpdateAllowed: true, Description: "How many minutes an action of the stack may take."},
		"parameters": {Kind: schema.Map, Default: yaml.NewMap(0), UpdateAllowed: true, Description: "Values for the template's parameters."},
	},
	Attributes: schema.Attributes{
		"stack_name": {Kind: schema.String, Description: "Name of the stack."},
		"outputs":    {Kind: schema.Map, Description: "Values of the stack's outputs, by name."},
	},
	New: func() resource.Resource { return remoteStack{} },
}

type remoteStack struct{}

var (
	_ resource.Finder       = remoteStack{}
	_ resource.CreateWaiter = remoteStack{}
	_ resource.Updater      = remoteStack{}
	_ resource.UpdateWaiter = remoteStack{}
	_ resource.Replacer     = remoteStack{}
	_ resource.DeleteWaiter = remoteStack{}
	_ resource.Suspender    = remoteStack{}
	_ resource.Resumer      = remoteStack{}
	_ resource.Checker      = remoteStack{}
	_ resource.Attributer   = remoteStack{}
	_ resource.Validator    = remoteStack{}
)

// Validate has the other side look at the template, as soon as all that it takes is known.
func (remoteStack) Validate(ctx context.Context, c *resource.Context) error {
	text, ok := c.Properties.Get("template").(string)
	if !ok {
		return nil
	}
	if _, err := yaml.Parse([]byte(text), yaml.Options{}); err != nil {
		return refusedTemplate(c, err)
	}
	client, err := openCloud(ctx, c)
	if err != nil || client == nil || schema.HasUnknown(c.Properties.Map()) {
		return err
	}
	at := *c
	at.Cloud = client
	api, err := connect(ctx, &at)
	if err != nil {
		return err
	}
	if _, err = api.post(ctx, "validate", templateRequest(c)); err != nil {
		return refusedTemplate(c, err)
	}
	return nil
}

// refusedTemplate says why the template is not taken; what the other side answers, in
// the words of its client.
func refusedTemplate(c *resource.Context, err error) error {
	why := err.Error()
	if f, ok := errors.AsType[*cloud.Fault](err); ok {
		why = "ERROR: " + f.Message
	}
	return core.StackValidationFailed("Failed validating stack template using Heat endpoint at %s due to \"%s\"", location(c), why)
}

// location is where the stack is, in words.
func location(c *resource.Context) string {
	where := c.Properties.Sub("context")
	if where.String("credential_secret_id") != "" {
		return "remote cloud"
	}
	return fmt.Sprintf("region %q", where.String("region_name"))
}

// NeedsReplace says that a stack does not move to another region.
func (remoteStack) NeedsReplace(c *resource.Context, changed []string) bool {
	return slices.Contains(changed, "context") &&
		c.Properties.Sub("context").String("region_name") != c.Old.Sub("context").String("region_name")
}

func (remoteStack) Create(ctx context.Context, c *resource.Context) error {
	api, err := connect(ctx, c)
	if err != nil {
		return err
	}
	body := stackRequest(c)
	body["stack_name"] = c.PhysicalName(0)
	answer, err := api.post(ctx, "stacks", body)
	if err != nil {
		return err
	}
	c.PhysicalID = answer.Sub("stack").String("id")
	return nil
}

// Find knows the stack by its name, which is of this resource alone.
func (remoteStack) Find(ctx context.Context, c *resource.Context) (bool, error) {
	api, err := connect(ctx, c)
	if err != nil {
		return false, err
	}
	stack, err := api.stack(ctx, c.PhysicalName(0))
	if cloud.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c.PhysicalID = stack.String("id")
	return true, nil
}

func (remoteStack) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return stackProgress(ctx, c, core.Create)
}

// Update sends the whole stack anew: its own engine finds what has changed.
func (remoteStack) Update(ctx context.Context, c *resource.Context, _ []string) error {
	api, err := connect(ctx, c)
	if err != nil {
		return err
	}
	return api.put(ctx, stackPath(c), stackRequest(c))
}

func (remoteStack) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return stackProgress(ctx, c, core.Update)
}

func (remoteStack) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	api, err := connect(ctx, c)
	if err != nil {
		return err
	}
	return api.remove(ctx, stackPath(c))
}

func (remoteStack) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	p, err := stackProgress(ctx, c, core.Delete)
	if cloud.NotFound(err) {
		return resource.Done, nil
	}
	return p, err
}

func (remoteStack) Suspend(ctx context.Context, c *resource.Context) error {
	return stackAction(ctx, c, "suspend")
}

func (remoteStack) SuspendComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return stackProgress(ctx, c, core.Suspend)
}

func (remoteStack) Resume(ctx context.Context, c *resource.Context) error {
	return stackAction(ctx, c, "resume")
}

func (remoteStack) ResumeComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return stackProgress(ctx, c, core.Resume)
}

// Check looks at the stack and does not have it check its own resources.
func (remoteStack) Check(ctx context.Context, c *resource.Context) error {
	api, err := connect(ctx, c)
	if err != nil {
		return err
	}
	stack, err := api.stack(ctx, c.PhysicalName(0)+"/"+c.PhysicalID)
	if err != nil {
		return err
	}
	if _, status := splitState(stack); status == core.Failed {
		return stackInError(stack)
	}
	return nil
}

func (remoteStack) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	switch {
	case c.PhysicalID == "":
		return nil, nil
	case name == "stack_name":
		return c.PhysicalName(0), nil
	}
	api, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	stack, err := api.stack(ctx, c.PhysicalName(0)+"/"+c.PhysicalID)
	if err != nil {
		return nil, err
	}
	outputs := yaml.NewMap(0)
	for _, o := range stack.Subs("outputs") {
		outputs.Set(o.String("output_key"), o.Get("output_value"))
	}
	return outputs, nil
}
