package heat

import (
	"context"
	"fmt"
	"strings"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// TakesLateSignals lets the server report what it has done at SUSPEND and DELETE.
func (softwareDeployment) TakesLateSignals() {}

// Signal takes the outputs that the server reports. When nobody waits for any it does
// nothing.
func (softwareDeployment) Signal(ctx context.Context, c *resource.Context, body any) (string, error) {
	// The server may be faster than the commit that gives the resource its physical id.
	dep, err := c.Deployments.FindDeployment(ctx, c.ID)
	if cloud.NotFound(err) {
		return "", core.Errorf(core.Invalid, "ValueError", "deployment_id must be specified")
	}
	if err != nil {
		return "", err
	}
	if dep.Status != core.InProgress {
		return "", resource.ErrNoAction
	}
	details, _ := body.(*yaml.Map)
	return receive(ctx, c, dep, details)
}

// receive stores the outputs and decides on the deployment: a status code other than zero,
// or an output that is declared an error, is a failure
// (heat/engine/service_software_config.py signal_software_deployment).
func receive(ctx context.Context, c *resource.Context, dep *core.SoftwareDeployment, details *yaml.Map) (text string, err error) {
	cfg, err := loadConfig(ctx, c, dep.ConfigID)
	if err != nil {
		return "", err
	}
	outputs, err := storedObject(dep.OutputValues)
	if err != nil {
		return "", err
	}
	values := outputs.Map()
	var reasons []string
	text = fmt.Sprintf("deployment %s succeeded", dep.ID)
	if code := exitStatus(details); code != "0" {
		reasons = append(reasons, deployStatusCode+" : Deployment exited with non-zero status code: "+code)
		text = fmt.Sprintf("deployment %s failed (%s)", dep.ID, code)
	}
	for _, out := range cfg.outputs {
		declared := resource.NewValues(out)
		name := declared.String("name")
		v, ok := details.Get(name)
		if !ok {
			continue
		}
		values.Set(name, v)
		if declared.Bool("error_output") {
			reasons = append(reasons, name+" : "+yaml.Str(v))
			text = fmt.Sprintf("deployment %s failed", dep.ID)
		}
	}
	for _, name := range []string{deployStdout, deployStderr, deployStatusCode} {
		v, _ := details.Get(name)
		values.Set(name, v)
	}
	if dep.OutputValues, err = yaml.EncodeJSON(values); err != nil {
		return "", err
	}
	dep.Status, dep.StatusReason = core.Complete, "Outputs received"
	if reasons != nil {
		dep.Status, dep.StatusReason = core.Failed, strings.Join(reasons, ", ")
	}
	return text, c.Deployments.SaveDeployment(ctx, dep)
}

// exitStatus is the status code of a signal as text; none is as good as zero.
func exitStatus(details *yaml.Map) string {
	v, _ := details.Get(deployStatusCode)
	if v == nil || v == "" || v == false {
		return "0"
	}
	return yaml.Str(v)
}

// AttributePath reads an output. Before there is one it is null if the config declares it.
func (softwareDeployment) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	outputs, err := deploymentOutputs(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		all := yaml.MapOf(deployStdout, nil, deployStderr, nil, deployStatusCode, nil)
		for name, v := range outputs.All() {
			all.Set(name, v)
		}
		return all, nil
	}
	name := yaml.Str(path[0])
	if v, ok := outputs.Get(name); ok {
		return inside(v, path[1:]), nil
	}
	if _, ok := softwareDeploymentType.Attributes[name]; ok {
		return nil, nil
	}
	source, err := loadConfig(ctx, c, c.Properties.String("config"))
	if err != nil {
		return nil, err
	}
	for _, out := range source.outputs {
		if declared, _ := out.Get("name"); declared == name {
			return nil, nil
		}
	}
	return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s %s) is incorrect.", c.Name, name)
}

func deploymentOutputs(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	dep, err := c.Deployments.FindDeployment(ctx, c.PhysicalID)
	if err != nil {
		return nil, err
	}
	outputs, err := storedObject(dep.OutputValues)
	return outputs.Map(), err
}
