package heat

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// sourceConfig is a software config, read; the zero one is that of a deployment without.
type sourceConfig struct {
	name, group     string
	config, options any
	inputs, outputs []*yaml.Map
}

func loadConfig(ctx context.Context, c *resource.Context, id string) (*sourceConfig, error) {
	if id == "" {
		return &sourceConfig{}, nil
	}
	cfg, err := c.Configs.FindConfig(ctx, id)
	if err != nil {
		return nil, err
	}
	body, err := storedObject(cfg.Config)
	if err != nil {
		return nil, err
	}
	source := &sourceConfig{name: cfg.Name, group: cfg.Group, config: body.Get("config"), options: body.Get("options")}
	for _, in := range body.Subs("inputs") {
		source.inputs = append(source.inputs, in.Map())
	}
	for _, out := range body.Subs("outputs") {
		source.outputs = append(source.outputs, out.Map())
	}
	return source, nil
}

// wants reports whether the action that runs is one for the server to act on: one that a
// component has a configuration for, or one of the property actions.
func (s *sourceConfig) wants(c *resource.Context) bool {
	action := string(c.Action)
	if s.group != "component" {
		return slices.Contains(c.Properties.Strings("actions"), action)
	}
	config, _ := s.config.(*yaml.Map)
	for _, part := range resource.NewValues(config).Subs("configs") {
		if slices.Contains(part.Strings("actions"), action) {
			return true
		}
	}
	return false
}

// derive makes the config that the server gets: the source with the values of its inputs
// and with what the server must know to signal. An action that is begun twice makes a
// config of the same id.
func (d softwareDeployment) derive(ctx context.Context, c *resource.Context, source *sourceConfig) (*core.SoftwareConfig, error) {
	inputs := derivedInputs(c, source)
	signals, err := signalInputs(ctx, c)
	if err != nil {
		return nil, err
	}
	inputs = append(inputs, signals...)
	config := source.config
	if d.structured {
		if config, err = substituted(c, config, inputs); err != nil {
			return nil, err
		}
	}
	if config == nil {
		config = ""
		if d.structured {
			config = yaml.NewMap(0)
		}
	}
	body, err := yaml.EncodeJSON(yaml.MapOf("config", config, "inputs", items(inputs), "outputs", items(source.outputs), "options", source.options))
	if err != nil {
		return nil, err
	}
	cfg := &core.SoftwareConfig{ID: derivedID(c), Name: c.Properties.String("name"), Group: source.group, Config: body}
	if cfg.Name == "" {
		cfg.Name = source.name
	}
	if cfg.Name == "" {
		cfg.Name = c.PhysicalName(0)
	}
	if cfg.Group == "" {
		cfg.Group = ungrouped
	}
	return cfg, nil
}

// derivedID tells the action at hand from every other of the resource: they begin at
// different times.
func derivedID(c *resource.Context) string {
	begun := c.Started.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(c.ID+" "+string(c.Action)+" "+begun)).String()
}

// derivedInputs are the declared inputs with their values, the values that are not
// declared, and what every deployment tells about itself.
func derivedInputs(c *resource.Context, source *sourceConfig) []*yaml.Map {
	given := c.Properties.Sub("input_values")
	var out []*yaml.Map
	declared := map[string]bool{}
	for _, in := range source.inputs {
		name, _ := in.Get("name")
		value, ok := given.Map().Get(yaml.Str(name))
		if !ok {
			value, _ = in.Get("default")
		}
		in = in.Clone()
		in.Set("value", value)
		out = append(out, in)
		declared[yaml.Str(name)] = true
	}
	for name, value := range given.Map().All() {
		if !declared[name] {
			out = append(out, yaml.MapOf("name", name, "type", "String", "value", value))
		}
	}
	return append(out,
		deployInput("deploy_server_id", "The server that the config is for.", c.Properties.String("server")),
		deployInput("deploy_action", "The action at hand.", string(c.Action)),
		deployInput("deploy_stack_id", "The stack of the deployment, as name/id.", c.Stack.Name+"/"+c.Stack.ID),
		deployInput("deploy_resource_name", "The name of the deployment in its stack.", c.Name),
		deployInput("deploy_signal_transport", "How the outputs are to be reported.", c.Properties.String("signal_transport")),
	)
}

func deployInput(name, description string, value any) *yaml.Map {
	return yaml.MapOf("name", name, "type", "String", "description", description, "value", value)
}

// signalInputs say where and how the server reports its outputs.
func signalInputs(ctx context.Context, c *resource.Context) ([]*yaml.Map, error) {
	const id, verb = "deploy_signal_id", "deploy_signal_verb"
	const where, how = "Where the outputs are to be sent.", "The HTTP method to send them with."
	switch c.Properties.String("signal_transport") {
	case cfnSignal:
		return []*yaml.Map{deployInput(id, where, c.Links.SignalURL(c)), deployInput(verb, how, "POST")}, nil
	case tempURLSignal:
		url, err := signalObject(ctx, c)
		if err != nil {
			return nil, err
		}
		return []*yaml.Map{deployInput(id, where, url), deployInput(verb, how, "PUT")}, nil
	case heatSignal:
		login, err := c.Links.SignalLogin(ctx, c)
		if err != nil {
			return nil, err
		}
		out := []*yaml.Map{
			deployInput("deploy_auth_url", "Address of the identity service.", login.AuthURL),
			deployInput("deploy_username", "Name of the account to signal with.", login.UserName),
			deployInput("deploy_user_id", "ID of the account to signal with.", login.UserID),
			deployInput("deploy_password", "Password of the account to signal with.", login.Password),
			deployInput("deploy_project_id", "Project of the account to signal with.", login.ProjectID),
		}
		if login.Region != "" {
			out = append(out, deployInput("deploy_region_name", "Region of the API to signal.", login.Region))
		}
		return out, nil
	}
	return nil, nil
}

// inputReplaces reports whether an input that is declared with replace_on_change has
// another value than the server has now.
func inputReplaces(ctx context.Context, c *resource.Context) (bool, error) {
	dep, err := c.Deployments.FindDeployment(ctx, c.PhysicalID)
	if err != nil {
		return false, err
	}
	before, err := loadConfig(ctx, c, dep.ConfigID)
	if err != nil {
		return false, err
	}
	source, err := loadConfig(ctx, c, c.Properties.String("config"))
	if err != nil {
		return false, err
	}
	old := inputValues(before.inputs)
	for _, in := range derivedInputs(c, source) {
		if v := resource.NewValues(in); v.Bool("replace_on_change") && old.Has(v.String("name")) {
			was, _ := old.Get(v.String("name"))
			if !yaml.Equal(was, v.Get("value")) {
				return true, nil
			}
		}
	}
	return false, nil
}

// inputValues are the values of inputs by name.
func inputValues(inputs []*yaml.Map) *yaml.Map {
	out := yaml.NewMap(len(inputs))
	for _, in := range inputs {
		name, _ := in.Get("name")
		value, _ := in.Get("value")
		out.Set(yaml.Str(name), value)
	}
	return out
}

func items(maps []*yaml.Map) []any {
	out := make([]any, len(maps))
	for i, m := range maps {
		out[i] = m
	}
	return out
}

// storedObject reads a JSON object as it is stored; nothing is the empty one.
func storedObject(raw []byte) (resource.Values, error) {
	m := yaml.NewMap(0)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return resource.NewValues(m), nil
	}
	err := m.UnmarshalJSON(raw)
	return resource.NewValues(m), err
}
