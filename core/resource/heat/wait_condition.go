package heat

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
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
	New: func() resource.Resource { return waitCondition{} },
}

type waitCondition struct{}

var (
	_ resource.CreateWaiter = waitCondition{}
	_ resource.Updater      = waitCondition{}
	_ resource.UpdateWaiter = waitCondition{}
	_ resource.Attributer   = waitCondition{}
)

// A signal is one entry of a handle's metadata.
type signal struct {
	id             string
	status, reason string
	data           any
}

func (waitCondition) Create(ctx context.Context, c *resource.Context) error {
	_, _, err := signalsOf(ctx, c)
	return err
}

func (waitCondition) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return awaitSignals(ctx, c)
}

func (waitCondition) Update(ctx context.Context, c *resource.Context, _ []string) error {
	_, _, err := signalsOf(ctx, c)
	return err
}

func (waitCondition) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return awaitSignals(ctx, c)
}

func (waitCondition) Delete(context.Context, *resource.Context) error { return nil }

// awaitSignals asks again only when the time is up: a signal wakes the resource, but for
// those that come through the object store.
func awaitSignals(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	signals, transport, err := signalsOf(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	var good, bad []string
	for _, s := range signals {
		if s.status == signalSuccess {
			good = append(good, s.reason)
		} else {
			bad = append(bad, s.reason)
		}
	}
	count := c.Properties.Int("count")
	left := c.Started.Add(seconds(c.Properties.Float("timeout"))).Sub(c.Now())
	switch {
	case len(bad) > 0:
		return resource.Progress{}, core.Errorf(core.Conflict, "WaitConditionFailure", "%s", strings.Join(bad, ";"))
	case len(good) >= count:
		return resource.Done, nil
	case left <= 0:
		return resource.Progress{}, core.Errorf(core.Timeout, "WaitConditionTimeout", "%s", received(good, count))
	case transport == tempURLSignal:
		return resource.Again(min(c.Pause().After, left)), nil
	}
	return resource.Again(left), nil
}

// signalsOf reads the signals that the handle has received, in their order, and how they
// come to it.
func signalsOf(ctx context.Context, c *resource.Context) (out []signal, transport string, err error) {
	ref := c.Properties.String("handle")
	row, err := c.Siblings.ByPhysicalID(ctx, ref)
	switch {
	case cloud.NotFound(err):
		return nil, "", errHandle(ref)
	case err != nil:
		return nil, "", err
	case builtIn(row.Type) && !strings.HasSuffix(row.Type, "WaitConditionHandle"):
		return nil, "", errHandle(row.Name)
	}
	metadata, properties := yaml.NewMap(0), yaml.NewMap(0)
	for stored, into := range map[*json.RawMessage]*yaml.Map{&row.Metadata: metadata, &row.Properties: properties} {
		if len(*stored) == 0 {
			continue
		}
		if err := into.UnmarshalJSON(*stored); err != nil {
			return nil, "", fmt.Errorf("what is stored of %s: %w", row.Name, err)
		}
	}
	switch transport = text(properties, "signal_transport"); transport {
	case tempURLSignal:
		if metadata, err = objectSignals(ctx, c, row); err != nil {
			return nil, "", err
		}
	case noSignal:
		for range c.Properties.Int("count") {
			if _, err := addSignal(metadata, nil); err != nil {
				return nil, "", err
			}
		}
	}
	for id, v := range metadata.All() {
		entry, ok := v.(*yaml.Map)
		if !ok {
			continue
		}
		out = append(out, signal{id: id, status: text(entry, signalStatus), reason: text(entry, signalReason), data: field(entry, signalData)})
	}
	return out, transport, nil
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
		if _, err := addSignal(metadata, body); err != nil {
			return nil, err
		}
	}
	return metadata, nil
}

// builtIn tells a type of the registry from a name that an environment has given one.
func builtIn(typeName string) bool {
	return strings.HasPrefix(typeName, "OS::") || strings.HasPrefix(typeName, "AWS::")
}

func errHandle(name string) error {
	return core.Errorf(core.Invalid, "ValueError", "%s is not a valid wait condition handle.", name)
}

// field reads a key of a signal: lower case from native handles, capitals from those of
// CloudFormation.
func field(entry *yaml.Map, key string) any {
	if v, ok := entry.Get(key); ok {
		return v
	}
	v, _ := entry.Get(strings.ToUpper(key[:1]) + key[1:])
	return v
}

func text(entry *yaml.Map, key string) string { return yaml.Str(field(entry, key)) }

func (waitCondition) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	signals, _, err := signalsOf(ctx, c)
	if err != nil {
		if core.ErrorCode(err) == core.Invalid {
			return "", nil
		}
		return nil, err
	}
	data := yaml.NewMap(len(signals))
	for _, s := range signals {
		data.Set(s.id, s.data)
	}
	return yaml.Dumps(data, false), nil
}
