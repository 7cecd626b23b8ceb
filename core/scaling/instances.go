package scaling

import (
	"context"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// InstanceType is the type of the members of groups that a launch configuration describes.
const InstanceType = "AWS::EC2::Instance"

// Instances is a group whose members are instances made from a launch configuration
// (heat/engine/resources/openstack/heat/instance_group.py).
type Instances struct {
	// Policy is the part of the update policy that describes rolling updates.
	Policy string
	// Tag marks the members with the group's name, in the form that meters look for.
	Tag string
	// MarkAlways adds Tag although the user has set a tag for meters.
	MarkAlways bool
	// Subnet is the subnet of the instances; "" for none.
	Subnet string
}

// Definition is the definition of a member; nil as long as the launch configuration is not
// known. It returns a ValueError when there is none.
func (n Instances) Definition(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	ref := c.Properties.Get("LaunchConfigurationName")
	if schema.IsUnknown(ref) || c.Siblings == nil {
		return nil, nil
	}
	row, err := c.Siblings.ByPhysicalID(ctx, yaml.Str(ref))
	if core.ErrorCode(err) == core.NotFound {
		return nil, noConfiguration(yaml.Str(ref))
	}
	if err != nil {
		return nil, err
	}
	v, err := yaml.DecodeJSON(row.Properties)
	if err != nil {
		return nil, err
	}
	configuration, _ := v.(*yaml.Map)
	properties := given(configuration).(*yaml.Map)
	properties.Set("Tags", n.tags(c))
	if n.Subnet != "" {
		properties.Set("SubnetId", n.Subnet)
	}
	return yaml.MapOf("type", InstanceType, "properties", properties), nil
}

func noConfiguration(ref string) error {
	return core.Errorf(core.Invalid, "ValueError", "LaunchConfigurationName (%s) reference can not be found.", ref)
}

// given leaves out what has no value.
func given(v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, x := range v.All() {
			if x != nil {
				out.Set(k, given(x))
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = given(x)
		}
		return out
	}
	return v
}

// tags are the user's and the mark of the group, which is its name in the template: the
// same as long as the group lives.
func (n Instances) tags(c *resource.Context) []any {
	tags := append([]any{}, c.Properties.List("Tags")...)
	for _, t := range c.Properties.Subs("Tags") {
		if strings.HasPrefix(t.String("Key"), "metering.") && !n.MarkAlways {
			return tags
		}
	}
	return append(tags, yaml.MapOf("Key", n.Tag, "Value", c.Name))
}

// Rolling is the group's policy for rolling updates, nil for none. It returns a ValueError
// for a pause that cannot be.
func (n Instances) Rolling(c *resource.Context) (*Rolling, error) {
	if !c.UpdatePolicy.Has(n.Policy) {
		return nil, nil
	}
	p := c.UpdatePolicy.Sub(n.Policy)
	pause, err := duration(p.String("PauseTime"))
	if err == nil && pause > time.Hour {
		err = core.Errorf(core.Invalid, "ValueError", "Maximum PauseTime is 1 hour.")
	}
	return &Rolling{MinInService: p.Int("MinInstancesInService"), MaxBatch: p.Int("MaxBatchSize"), Pause: pause}, err
}

var isoDuration = regexp.MustCompile(`^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$`)

// duration reads PT1H2M3S (heat/common/timeutils.py parse_isoduration).
func duration(text string) (time.Duration, error) {
	parts := isoDuration.FindStringSubmatch(text)
	if parts == nil {
		return 0, core.Errorf(core.Invalid, "ValueError", "Only ISO 8601 duration format of the form PT#H#M#S is supported.")
	}
	var total time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		n, _ := strconv.ParseInt("0"+parts[i+1], 10, 32)
		total += time.Duration(min(n, math.MaxInt32)) * unit
	}
	return total, nil
}

// Check returns what is wrong with the properties, as far as it can be seen before
// anything exists.
func (n Instances) Check(c *resource.Context) error {
	if ref, ok := c.Properties.Get("LaunchConfigurationName").(string); ok && c.Declares != nil {
		if c.Declares(ref) {
			return core.Errorf(core.Invalid, "ValueError",
				"LaunchConfigurationName (%s) requires a reference to the configuration not just the name of the resource.", ref)
		}
		return noConfiguration(ref)
	}
	if len(c.Properties.List("LoadBalancerNames")) > 0 {
		return core.NotSupported("LoadBalancerNames")
	}
	return nil
}

// Addresses is the attribute InstanceList: the addresses of the working members, with
// commas; null for none.
func (n Instances) Addresses(ctx context.Context, c *resource.Context) (any, error) {
	members, err := Members(ctx, c)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, m := range Working(members) {
		v, err := c.Children.Attribute(ctx, m.Name, []any{"PublicIp"})
		if err != nil {
			return nil, err
		}
		address := "0.0.0.0"
		if s, ok := v.(string); ok && s != "" {
			address = s
		}
		list = append(list, address)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return strings.Join(list, ","), nil
}

// Tags is the schema of the property Tags.
func Tags(text string, updates bool) schema.Property {
	return schema.Property{Kind: schema.List, Description: text, UpdateAllowed: updates, Item: &schema.Property{Kind: schema.Map, Description: "One tag.",
		Fields: schema.Properties{
			"Key":   {Kind: schema.String, Required: true, Description: "Tag key."},
			"Value": {Kind: schema.String, Required: true, Description: "Tag value."},
		}}}
}

// UpdatePolicy is the schema of the update policy.
func (n Instances) UpdatePolicy() schema.Properties {
	return schema.Properties{n.Policy: {Kind: schema.Map, Description: "How instances are replaced.", Fields: schema.Properties{
		"MinInstancesInService": {Kind: schema.Integer, Default: int64(0), Description: "How many instances stay as they are at any time."},
		"MaxBatchSize":          {Kind: schema.Integer, Default: int64(1), Description: "How many instances are replaced at once."},
		"PauseTime":             {Kind: schema.String, Default: "PT0S", Description: "How long to wait between two batches, as PT1M30S."},
	}}}
}
