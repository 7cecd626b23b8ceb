package heat

import (
	"context"
	"slices"

	"hearth/core/resource"
	"hearth/core/scaling"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows SoftwareDeploymentGroup of heat/engine/resources/openstack/heat/software_deployment.py
// and StructuredDeploymentGroup of structured_config.py there.
var (
	softwareDeploymentGroupType   = deploymentGroup("OS::Heat::SoftwareDeploymentGroup", false, schema.Support{Version: "5.0.0"})
	softwareDeploymentsType       = deploymentGroup("OS::Heat::SoftwareDeployments", false, formerName("OS::Heat::SoftwareDeploymentGroup"))
	structuredDeploymentGroupType = deploymentGroup("OS::Heat::StructuredDeploymentGroup", true, schema.Support{Version: "5.0.0"})
	structuredDeploymentsType     = deploymentGroup("OS::Heat::StructuredDeployments", true, formerName("OS::Heat::StructuredDeploymentGroup"))
)

func formerName(now string) schema.Support {
	return schema.Support{Status: hidden, Version: "7.0.0", Message: "Please use " + now + " instead.",
		Previous: &schema.Support{Status: deprecated, Version: "2014.2"}}
}

func deploymentGroup(name string, structured bool, support schema.Support) resource.Type {
	properties := deploymentProperties()
	delete(properties, "server")
	properties["servers"] = schema.Property{Kind: schema.Map, Required: true, UpdateAllowed: true,
		Description: "IDs of the servers by names, which are those of the deployments in the nested stack."}
	group := softwareDeploymentGroup{member: "OS::Heat::SoftwareDeployment"}
	if structured {
		properties = structuredProperties(properties)
		group.member = "OS::Heat::StructuredDeployment"
	}
	return resource.Type{
		Name:        name,
		Description: "Has a configuration applied to several servers: one deployment for each, in a nested stack.",
		Support:     support,
		Properties:  properties,
		Attributes: schema.Attributes{
			"deploy_stdouts":      {Kind: schema.Map, Description: "What the configuration has written to its standard output, by the names of the servers."},
			"deploy_stderrs":      {Kind: schema.Map, Description: "What the configuration has written to its standard error, by the names of the servers."},
			"deploy_status_codes": {Kind: schema.Map, Description: "The exit statuses of the configuration, by the names of the servers."},
		},
		UpdatePolicy: schema.Properties{
			"rolling_update": {
				Kind: schema.Map, Support: schema.Support{Version: "7.0.0"}, Description: "How deployments are changed.", Fields: batchProperties(nil),
			},
			"batch_create": {
				Kind: schema.Map, Support: schema.Support{Version: "7.0.0"}, Description: "How deployments are made.", Fields: batchProperties(nil),
			},
		},
		New: func() resource.Resource { return group },
	}
}

// softwareDeploymentGroup is a nested stack of deployments of the type member.
type softwareDeploymentGroup struct{ member string }

var (
	_ resource.Parent         = softwareDeploymentGroup{}
	_ resource.PathAttributer = softwareDeploymentGroup{}
	_ resource.Group          = softwareDeploymentGroup{}
)

func (softwareDeploymentGroup) Create(context.Context, *resource.Context) error { return errParent }
func (softwareDeploymentGroup) Delete(context.Context, *resource.Context) error { return errParent }

// Child is a template with a deployment for each server, or, by the update policy, what
// comes before that. As long as the servers are not known there is none.
func (g softwareDeploymentGroup) Child(ctx context.Context, c *resource.Context) (*resource.ChildStack, error) {
	if schema.IsUnknown(c.Properties.Get("servers")) {
		return nil, nil
	}
	var whole []scaling.Member
	for name, server := range c.Properties.Sub("servers").Map().All() {
		whole = append(whole, scaling.Member{Name: name, Definition: g.definition(c, server)})
	}
	policy := groupPolicy(c)
	if policy == nil || c.Children == nil || c.Whole {
		return &resource.ChildStack{Node: scaling.Template(whole)}, nil
	}
	return nextDeployments(ctx, c, policy, whole)
}

// nextDeployments is the next step to the whole: as many deployments as the policy allows
// are made or changed, the others stay as they are. Those without a server go at once.
func nextDeployments(ctx context.Context, c *resource.Context, policy *scaling.Rolling, whole []scaling.Member) (*resource.ChildStack, error) {
	have, err := scaling.Members(ctx, c)
	if err != nil {
		return nil, err
	}
	size := max(policy.MaxBatch, 1)
	var step []scaling.Member
	pending := 0
	for _, m := range whole {
		i := slices.IndexFunc(have, func(h scaling.Member) bool { return h.Name == m.Name })
		if i < 0 || !have[i].Is(m.Definition.(*yaml.Map)) {
			pending++
			if pending > size {
				if i >= 0 {
					step = append(step, have[i])
				}
				continue
			}
		}
		step = append(step, m)
	}
	if err := policy.Fits(c, (pending+size-1)/size); err != nil {
		return nil, err
	}
	if pending > size {
		return &resource.ChildStack{Node: scaling.Template(step), More: true, Pause: policy.Pause}, nil
	}
	busy, err := scaling.Busy(ctx, c)
	return &resource.ChildStack{Node: scaling.Template(whole), More: busy}, err
}

// definition is that of one deployment: the properties of the group, with its server.
func (g softwareDeploymentGroup) definition(c *resource.Context, server any) *yaml.Map {
	properties := yaml.MapOf("server", server)
	for key, v := range c.Properties.Map().All() {
		if key != "servers" && v != nil {
			properties.Set(key, v)
		}
	}
	return yaml.MapOf("type", g.member, "properties", properties)
}

// memberOutput is the attribute of a deployment behind one of the group.
func memberOutput(name string) string {
	switch name {
	case "deploy_stdouts":
		return deployStdout
	case "deploy_stderrs":
		return deployStderr
	case "deploy_status_codes":
		return deployStatusCode
	}
	return name
}

// MemberAttribute names the output of the deployments behind any attribute of the group.
func (softwareDeploymentGroup) MemberAttribute(path []any) (attribute, output string) {
	if len(path) == 0 || path[0] == "show" {
		return "", ""
	}
	attribute = memberOutput(yaml.Str(path[0]))
	return attribute, "outputs.attributes, " + attribute + ".value"
}

// AttributePath reads an output of every deployment, by name; what is behind it in the path
// leads into that map.
func (g softwareDeploymentGroup) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	members, err := membersOf(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		all := yaml.NewMap(3)
		for _, name := range []string{"deploy_stdouts", "deploy_stderrs", "deploy_status_codes"} {
			v, err := byName(ctx, c, members, []any{memberOutput(name)})
			if err != nil {
				return nil, err
			}
			all.Set(name, v)
		}
		return all, nil
	}
	if path[0] == "show" {
		return nil, nil
	}
	m, err := byName(ctx, c, members, []any{memberOutput(yaml.Str(path[0]))})
	return inside(m, path[1:]), err
}
