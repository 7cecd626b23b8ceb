package heat

import (
	"context"
	"fmt"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/waitsignal"
	"hearth/core/yaml"
)

const waitConditionHandleName = "OS::Heat::WaitConditionHandle"

// Follows heat/engine/resources/openstack/heat/wait_condition_handle.py. TEMP_URL_SIGNAL
// has signals put into the object store, CFN_SIGNAL gives a signed address, HEAT_SIGNAL an
// account; ZAQAR_SIGNAL is refused.
var waitConditionHandleType = resource.Type{
	Name:        waitConditionHandleName,
	Description: "Receives the signals that a wait condition waits for, from whoever has its address and token.",
	Support:     schema.Support{Version: "2014.2"},
	Properties: schema.Properties{
		"signal_transport": {
			Kind: schema.String, Default: "TOKEN_SIGNAL", Description: "How signals reach the handle.",
			Constraints: []schema.Constraint{schema.OneOf("CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "NO_SIGNAL", "ZAQAR_SIGNAL", "TOKEN_SIGNAL")},
			Support:     schema.Support{Version: "6.0.0"},
		},
	},
	Attributes: schema.Attributes{
		"token":    {Kind: schema.String, Description: "Token to send signals with."},
		"endpoint": {Kind: schema.String, Description: "Address to send signals to."},
		"curl_cli": {Kind: schema.String, Description: "A curl command that signals success; add --data-binary to send more."},
		"signal":   {Kind: schema.String, Description: "All that a client needs to send signals, as a JSON text."},
	},
	New: func() resource.Resource { return waitConditionHandle{} },
}

type waitConditionHandle struct{ resource.AccountSwitch }

var (
	_ resource.Signaler   = waitConditionHandle{}
	_ resource.Suspender  = waitConditionHandle{}
	_ resource.Resumer    = waitConditionHandle{}
	_ resource.Attributer = waitConditionHandle{}
	_ resource.Validator  = waitConditionHandle{}
)

func (waitConditionHandle) Validate(_ context.Context, c *resource.Context) error {
	if t := c.Properties.String("signal_transport"); t == "ZAQAR_SIGNAL" {
		return core.NotSupported("Signal transport " + t)
	}
	return nil
}

func (waitConditionHandle) Create(ctx context.Context, c *resource.Context) error {
	waitsignal.NameHandle(c)
	switch c.Properties.String("signal_transport") {
	case noSignal, cfnSignal:
	case heatSignal:
		_, err := c.Links.SignalLogin(ctx, c)
		return err
	case tempURLSignal:
		client, err := openCloud(ctx, c)
		if err != nil {
			return err
		}
		url, err := client.SignalURL(ctx, c.Stack.ID, c.PhysicalName(0))
		if err != nil {
			return err
		}
		c.Data[objectURLData] = url
	default:
		c.Data["token"] = c.Links.SignalToken(c)
		c.Data["endpoint"] = c.Links.Signal(c)
	}
	return nil
}

func (waitConditionHandle) Delete(ctx context.Context, c *resource.Context) error {
	switch c.Properties.String("signal_transport") {
	case heatSignal:
		return c.Links.ForgetLogin(ctx, c)
	case tempURLSignal:
	default:
		return nil
	}
	client, err := openCloud(ctx, c)
	if err != nil || !client.HasService("object-store") {
		return err
	}
	return client.ForgetSignals(ctx, c.Stack.ID, c.PhysicalName(0))
}

func (waitConditionHandle) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	token, endpoint := c.Data["token"], c.Data["endpoint"]
	switch {
	case c.PhysicalID == "":
		return nil, nil
	case token == "" && name == "signal":
		signal, err := howToSignal(ctx, c)
		return yaml.Dumps(signal, false), err
	case token == "":
		return nil, nil
	}
	switch name {
	case "token":
		return token, nil
	case "endpoint":
		return endpoint, nil
	case "curl_cli":
		return fmt.Sprintf("curl -i -X POST -H 'X-Auth-Token: %s' -H 'Content-Type: application/json' -H 'Accept: application/json' %s", token, endpoint), nil
	case "signal": // for the other transports
		return yaml.Dumps(nil, false), nil
	}
	return nil, nil
}

// howToSignal is what a client of another transport than the default needs
// (heat/engine/resources/signal_responder.py _get_signal).
func howToSignal(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	switch c.Properties.String("signal_transport") {
	case cfnSignal:
		return yaml.MapOf("alarm_url", c.Links.WaitConditionURL(c)), nil
	case tempURLSignal:
		return yaml.MapOf("alarm_url", c.Data[objectURLData]), nil
	case heatSignal:
		l, err := c.Links.SignalLogin(ctx, c)
		return yaml.MapOf("auth_url", l.AuthURL, "username", l.UserName, "user_id", l.UserID, "password", l.Password,
			"project_id", l.ProjectID, "domain_id", l.DomainID, "region_name", l.Region, "alarm_url", l.SignalURL), err
	}
	return yaml.NewMap(0), nil
}

// Signal keeps the signal in the metadata under its id, or its number when it has none.
// Anything but status, reason, data and id is refused.
func (waitConditionHandle) Signal(_ context.Context, c *resource.Context, body any) (string, error) {
	if c.Metadata == nil {
		c.Metadata = yaml.NewMap(1)
	}
	return waitsignal.KeepNative(c.Metadata, body)
}
