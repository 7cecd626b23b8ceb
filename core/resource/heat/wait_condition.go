package heat

import (
	"context"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/waitsignal"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/wait_condition.py.
var waitConditionType = resource.Type{
	Name:        "OS::Heat::WaitCondition",
	Description: "Holds the stack up until its handle has received enough signals of success, or fails on a signal of failure or after too long.",
	Support:     schema.Support{Version: "2014.2"},
	Properties: schema.Properties{
		"handle": {Kind: schema.String, Required: true, Description: "Reference to the wait condition handle that receives the signals."},
		"timeout": {
			Kind: schema.Number, Required: true, Description: "Seconds to wait for the signals.",
			Constraints: []schema.Constraint{schema.Range{Min: 1, Max: 43200}},
		},
		"count": {
			Kind: schema.Integer, Default: int64(1), UpdateAllowed: true, Description: "How many signals of success to wait for.",
			Constraints: []schema.Constraint{schema.Range{Min: 1}},
		},
	},
	Attributes: schema.Attributes{
		"data": {Kind: schema.String, Description: "The data of the signals received, by their ids, as a JSON text.", Live: true},
	},
	New: func() resource.Resource {
		return waitsignal.Condition{Handle: "handle", Timeout: "timeout", Count: "count", Collect: collectSignals}
	},
}

// collectSignals adds what a handle gets by its transport: signals in the object store, or
// all that the condition waits for.
func collectSignals(ctx context.Context, c *resource.Context, handle *core.Resource, metadata *yaml.Map) (all *yaml.Map, polled bool, err error) {
	properties, err := waitsignal.Stored(handle.Properties)
	if err != nil {
		return nil, false, err
	}
	switch transport, _ := properties.Get("signal_transport"); transport {
	case tempURLSignal:
		metadata, err = objectSignals(ctx, c, handle)
		return metadata, true, err
	case noSignal:
		for range c.Properties.Int("count") {
			if _, err := waitsignal.KeepNative(metadata, nil); err != nil {
				return nil, false, err
			}
		}
	}
	return metadata, false, nil
}

// objectSignals reads the signals of a handle from the object store, as its metadata would
// keep them.
func objectSignals(ctx context.Context, c *resource.Context, handle *core.Resource) (*yaml.Map, error) {
	client, err := openCloud(ctx, c)
	if err != nil {
		return nil, err
	}
	named := resource.Context{ID: handle.ID, Name: handle.Name, Stack: c.Stack}
	texts, err := client.Signals(ctx, c.Stack.ID, named.PhysicalName(0))
	if err != nil {
		return nil, err
	}
	metadata := yaml.NewMap(len(texts))
	for _, t := range texts {
		body, err := readSignal(t)
		if err != nil {
			return nil, err
		}
		if _, err := waitsignal.KeepNative(metadata, body); err != nil {
			return nil, err
		}
	}
	return metadata, nil
}
