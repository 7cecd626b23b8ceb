package heat

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/waitsignal"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/swiftsignal.py SwiftSignal.
var swiftSignalType = resource.Type{
	Name:        "OS::Heat::SwiftSignal",
	Description: "Holds the stack up until its handle in the object store has received enough signals of success, or fails on a signal of failure or after too long.",
	Support:     schema.Support{Version: "2014.2"},
	Service:     "object-store",
	Properties: schema.Properties{
		"handle": {Kind: schema.String, Required: true, Description: "Temporary URL of the handle that receives the signals."},
		"timeout": {
			Kind: schema.Number, Required: true, Description: "Seconds to wait for the signals.",
			Constraints: []schema.Constraint{schema.Range{Min: 1, Max: 43200}},
		},
		"count": {
			Kind: schema.Integer, Default: int64(1), Description: "How many signals of success to wait for.",
			Constraints: []schema.Constraint{schema.Range{Min: 1, Max: 1000}},
		},
	},
	Attributes: schema.Attributes{
		"data": {Kind: schema.String, Description: "The data of the signals received, by their ids, as a JSON text."},
	},
	New: func() resource.Resource { return swiftSignal{} },
}

type swiftSignal struct{}

var (
	_ resource.CreateWaiter = swiftSignal{}
	_ resource.Attributer   = swiftSignal{}
)

func (swiftSignal) Create(_ context.Context, c *resource.Context) error {
	_, err := handleObject(c)
	return err
}

func (swiftSignal) Delete(context.Context, *resource.Context) error { return nil }

// handleObject is the object that the handle's address names: one in the container of
// this stack, in the account of its project.
func handleObject(c *resource.Context) (string, error) {
	handle := c.Properties.String("handle")
	path := handle
	if u, err := url.Parse(handle); err == nil {
		path = u.Path
	}
	invalid := func(part string) error {
		return core.Errorf(core.Invalid, "ValueError", `"%s" is not a valid SwiftSignalHandle.  The %s is invalid`, path, part)
	}
	parts := strings.SplitN(path, "/", 5)
	if len(parts) != 5 || parts[0] != "" || parts[1] != "v1" || !strings.HasSuffix(parts[2], c.Cloud.ProjectID()) || parts[3] == "" || strings.Trim(parts[4], "/") == "" {
		return "", invalid("Swift TempURL path")
	}
	if parts[3] != c.Stack.ID {
		return "", invalid("container name")
	}
	return parts[4], nil
}

// swiftSignals reads the signals that the handle has received, oldest first.
func swiftSignals(ctx context.Context, c *resource.Context) ([]*yaml.Map, error) {
	object, err := handleObject(c)
	if err != nil {
		return nil, err
	}
	texts, err := c.Cloud.Signals(ctx, c.Stack.ID, object)
	if err != nil {
		return nil, err
	}
	var out []*yaml.Map
	for i, text := range texts {
		s, err := readSignal(text)
		if err != nil {
			return nil, err
		}
		if id, named := s.Get(waitsignal.Native.ID); named {
			out = slices.DeleteFunc(out, func(earlier *yaml.Map) bool { return yaml.Equal(part(earlier, waitsignal.Native.ID), id) })
		} else {
			s.Set(waitsignal.Native.ID, int64(i+1))
		}
		id, _ := s.Get(waitsignal.Native.ID)
		for _, d := range []struct {
			key   string
			value any
		}{{waitsignal.Native.Data, nil}, {waitsignal.Native.Reason, fmt.Sprintf("Signal %s received", yaml.Str(id))}, {waitsignal.Native.Status, waitsignal.Success}} {
			if !s.Has(d.key) {
				s.Set(d.key, d.value)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// readSignal reads what was put into the object; nothing is a signal of success.
func readSignal(text string) (*yaml.Map, error) {
	m := yaml.NewMap(4)
	if text == "" {
		return m, nil
	}
	v, err := yaml.DecodeJSON([]byte(text))
	m, isMap := v.(*yaml.Map)
	if err != nil || !isMap {
		return nil, core.Errorf(core.Invalid, "Error", "Failed to parse JSON data: %s", text)
	}
	return m, nil
}

func (swiftSignal) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	signals, err := swiftSignals(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	reasons := map[string][]string{}
	for _, s := range signals {
		status := yaml.Str(part(s, waitsignal.Native.Status))
		reasons[status] = append(reasons[status], yaml.Str(part(s, waitsignal.Native.Reason)))
	}
	for _, s := range signals {
		switch status := yaml.Str(part(s, waitsignal.Native.Status)); status {
		case waitsignal.Success:
		case waitsignal.Failure:
			return resource.Progress{}, core.Errorf(core.Conflict, "SwiftSignalFailure", "%s", strings.Join(reasons[waitsignal.Failure], ";"))
		default:
			return resource.Progress{}, core.Errorf(core.Invalid, "Error", "Unknown status: %s", status)
		}
	}
	good, count := reasons[waitsignal.Success], c.Properties.Int("count")
	if len(good) >= count {
		return resource.Done, nil
	}
	left := c.Started.Add(seconds(c.Properties.Float("timeout"))).Sub(c.Now())
	if left <= 0 {
		return resource.Progress{}, core.Errorf(core.Timeout, "SwiftSignalTimeout", "%s", waitsignal.Received(good, count))
	}
	return resource.Again(min(c.Pause().After, left)), nil
}

func (swiftSignal) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	signals, err := swiftSignals(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(signals) == 0 {
		return "null", nil
	}
	data := yaml.NewMap(len(signals))
	for _, s := range signals {
		data.Set(yaml.Str(part(s, waitsignal.Native.ID)), part(s, waitsignal.Native.Data))
	}
	return yaml.Dumps(data, false), nil
}

// part reads a part of a signal, null for one that is not there.
func part(s *yaml.Map, key string) any {
	v, _ := s.Get(key)
	return v
}
