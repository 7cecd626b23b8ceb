package heat

import (
	"context"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/software_deployment.py.
var softwareDeploymentType = resource.Type{
	Name:        "OS::Heat::SoftwareDeployment",
	Description: "Has a configuration applied to a server, and waits until the server signals what has become of it.",
	Support:     schema.Support{Version: "2014.1"},
	Properties:  deploymentProperties(),
	Attributes: schema.Attributes{
		deployStdout:     {Kind: schema.String, Description: "What the configuration has written to its standard output."},
		deployStderr:     {Kind: schema.String, Description: "What the configuration has written to its standard error."},
		deployStatusCode: {Kind: schema.String, Description: "The exit status of the configuration."},
	},
	New: func() resource.Resource { return softwareDeployment{} },
}

// The outputs that every deployment has.
const (
	deployStdout     = "deploy_stdout"
	deployStderr     = "deploy_stderr"
	deployStatusCode = "deploy_status_code"
)

// The signal transports.
const (
	cfnSignal     = "CFN_SIGNAL"
	tempURLSignal = "TEMP_URL_SIGNAL"
	heatSignal    = "HEAT_SIGNAL"
	noSignal      = "NO_SIGNAL"
	zaqarSignal   = "ZAQAR_SIGNAL"
)

func deploymentProperties() schema.Properties {
	return schema.Properties{
		"config": {Kind: schema.String, UpdateAllowed: true, Description: "ID of the software config that the server is to apply."},
		"server": {Kind: schema.String, Required: true, Description: "ID of the server, or of what stands for one."},
		"input_values": {
			Kind: schema.Map, UpdateAllowed: true, Description: "Values for the inputs of the config; further ones become inputs, too.",
		},
		"actions": {
			Kind: schema.List, Default: []any{"CREATE", "UPDATE"}, UpdateAllowed: true, Description: "Actions of this resource at which the server applies the config.",
			Constraints: []schema.Constraint{schema.OneOf("CREATE", "UPDATE", "DELETE", "SUSPEND", "RESUME")},
		},
		"name": {Kind: schema.String, UpdateAllowed: true, Description: "Name of the config that the server gets; a server applies its configs in the order of their names."},
		"signal_transport": {
			Kind: schema.String, Default: cfnSignal,
			Description: "How the server reports: by POST to a signed address (CFN_SIGNAL), by PUT to an object (TEMP_URL_SIGNAL), with an account for the API (HEAT_SIGNAL), or not at all, and nobody waits (NO_SIGNAL).",
			Constraints: []schema.Constraint{schema.OneOf(cfnSignal, tempURLSignal, heatSignal, noSignal, zaqarSignal)},
		},
	}
}

// softwareDeployment is the behaviour of deployments; structured ones put their inputs into
// the config themselves. Its deployment has the id of the resource's row: that is how a
// change of the deployment finds the node that waits for it.
type softwareDeployment struct{ structured bool }

var (
	_ resource.Finder         = softwareDeployment{}
	_ resource.CreateWaiter   = softwareDeployment{}
	_ resource.Updater        = softwareDeployment{}
	_ resource.UpdateWaiter   = softwareDeployment{}
	_ resource.DeleteWaiter   = softwareDeployment{}
	_ resource.Suspender      = softwareDeployment{}
	_ resource.Resumer        = softwareDeployment{}
	_ resource.LateSignaler   = softwareDeployment{}
	_ resource.PathAttributer = softwareDeployment{}
	_ resource.Validator      = softwareDeployment{}
)

// Validate refuses the transport that needs a message service.
func (softwareDeployment) Validate(_ context.Context, c *resource.Context) error {
	if c.Properties.String("signal_transport") == zaqarSignal {
		return core.NotSupported("Signal transport " + zaqarSignal)
	}
	return nil
}

func (d softwareDeployment) Create(ctx context.Context, c *resource.Context) error {
	if err := softwareConfigured(ctx, c); err != nil {
		return err
	}
	_, err := d.deploy(ctx, c)
	return err
}

// softwareConfigured refuses a server of this stack that takes no software configs.
func softwareConfigured(ctx context.Context, c *resource.Context) error {
	server := c.Properties.String("server")
	row, err := c.Siblings.ByPhysicalID(ctx, server)
	if cloud.NotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	properties, err := storedObject(row.Properties)
	if err != nil {
		return err
	}
	if format := properties.String("user_data_format"); format != "" && format != "SOFTWARE_CONFIG" {
		return core.StackValidationFailed("Resource %s's property user_data_format should be set to SOFTWARE_CONFIG since there are software deployments on it.", server)
	}
	return nil
}

func (softwareDeployment) Find(ctx context.Context, c *resource.Context) (bool, error) {
	_, err := c.Deployments.FindDeployment(ctx, c.ID)
	if cloud.NotFound(err) {
		return false, nil
	}
	if err == nil {
		c.PhysicalID = c.ID
	}
	return err == nil, err
}

// deploy gives the server another derived config, if the action is one of those for which
// there is something to be done.
func (d softwareDeployment) deploy(ctx context.Context, c *resource.Context) (begun bool, err error) {
	source, err := loadConfig(ctx, c, c.Properties.String("config"))
	if err != nil || !source.wants(c) {
		return false, err
	}
	cfg, err := d.derive(ctx, c, source)
	if err != nil {
		return false, err
	}
	next := &core.SoftwareDeployment{ID: c.ID, ServerID: c.Properties.String("server"), Action: c.Action,
		Status: core.InProgress, StatusReason: "Deploy data available"}
	if c.Properties.String("signal_transport") == noSignal {
		next.Status, next.StatusReason = core.Complete, "Not waiting for outputs signal"
	}
	if v := c.Properties.Get("input_values"); v != nil {
		if next.InputValues, err = yaml.EncodeJSON(v); err != nil {
			return false, err
		}
	}
	if err := c.Deployments.Deploy(ctx, next, cfg); err != nil {
		return false, err
	}
	c.PhysicalID = c.ID
	return true, nil
}

// deployed says how far the action's deployment is. A signal, or a change through the API,
// wakes the resource; an object in Swift must be looked after.
func (softwareDeployment) deployed(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	if c.PhysicalID == "" {
		return resource.Done, nil
	}
	dep, err := c.Deployments.FindDeployment(ctx, c.PhysicalID)
	if err != nil {
		return resource.Progress{}, err
	}
	if dep.Action != c.Action { // this action has begun none
		return resource.Done, nil
	}
	polled := c.Properties.String("signal_transport") == tempURLSignal
	if polled && dep.Status == core.InProgress {
		if err := readObject(ctx, c, dep); err != nil {
			return resource.Progress{}, err
		}
	}
	switch {
	case dep.Status == core.Complete:
		return resource.Done, nil
	case dep.Status == core.Failed:
		return resource.Progress{}, core.Errorf(core.Conflict, "Error", "Deployment to server failed: %s", dep.StatusReason)
	case polled:
		return resource.Again(pollAfter(c.Now().Sub(c.Started))), nil
	}
	return resource.Progress{}, nil
}

// pollAfter is how long to wait for something that has been awaited for a while.
func pollAfter(waited time.Duration) time.Duration {
	return min(max(waited/8, time.Second), 15*time.Second)
}

func (d softwareDeployment) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return d.deployed(ctx, c)
}

// Update deploys again. A changed input that wants another deployment gets one.
func (d softwareDeployment) Update(ctx context.Context, c *resource.Context, _ []string) error {
	if c.PhysicalID != "" {
		replace, err := inputReplaces(ctx, c)
		if err != nil {
			return err
		}
		if replace {
			return resource.ErrReplace
		}
	}
	_, err := d.deploy(ctx, c)
	return err
}

func (d softwareDeployment) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return d.deployed(ctx, c)
}

func (d softwareDeployment) Suspend(ctx context.Context, c *resource.Context) error {
	_, err := d.deploy(ctx, c)
	return err
}

func (d softwareDeployment) SuspendComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return d.deployed(ctx, c)
}

func (d softwareDeployment) Resume(ctx context.Context, c *resource.Context) error {
	_, err := d.deploy(ctx, c)
	return err
}

func (d softwareDeployment) ResumeComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return d.deployed(ctx, c)
}

// Delete lets the server apply the config for DELETE, if there is one; else the deployment
// goes at once.
func (d softwareDeployment) Delete(ctx context.Context, c *resource.Context) error {
	begun, err := d.deploy(ctx, c)
	if cloud.IgnoreNotFound(err) != nil { // the config may be gone
		return err
	}
	if begun && c.Properties.String("signal_transport") != noSignal {
		return nil
	}
	return withdraw(ctx, c)
}

// lookAfter is how often a deletion that waits for a server looks whether there is one.
const lookAfter = 30 * time.Second

func (d softwareDeployment) DeleteComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	progress, err := d.deployed(ctx, c)
	if cloud.NotFound(err) || err == nil && progress.Done {
		return resource.Done, withdraw(ctx, c)
	}
	there, lookErr := serverExists(ctx, c)
	switch {
	case lookErr != nil:
		return resource.Progress{}, lookErr
	case !there:
		return resource.Done, withdraw(ctx, c)
	case err != nil || progress.After > 0:
		return progress, err
	}
	return resource.Again(lookAfter), nil
}

// withdraw removes the deployment and all that was made for its signals.
func withdraw(ctx context.Context, c *resource.Context) error {
	if err := c.Deployments.DeleteDeployment(ctx, c.ID); err != nil {
		return err
	}
	if c.Properties.String("signal_transport") == heatSignal {
		return c.Links.ForgetLogin(ctx, c)
	}
	return removeObject(ctx, c)
}

// serverExists asks Nova. What is no server of Nova's is not waited for.
func serverExists(ctx context.Context, c *resource.Context) (bool, error) {
	client, err := openCloud(ctx, c)
	if err != nil || !client.HasService("compute") {
		return false, err
	}
	compute, err := client.Compute()
	if err != nil {
		return false, err
	}
	_, err = resource.API{Client: compute}.Get(ctx, "servers/"+c.Properties.String("server"))
	if cloud.NotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// openCloud gives the cloud; nil when there is none.
func openCloud(ctx context.Context, c *resource.Context) (*cloud.Client, error) {
	if c.OpenCloud == nil {
		return nil, nil
	}
	return c.OpenCloud(ctx)
}
