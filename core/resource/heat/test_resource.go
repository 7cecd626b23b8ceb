package heat

import (
	"context"
	"slices"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
)

// Follows heat/engine/resources/openstack/heat/test_resource.py.
var testResourceType = resource.Type{
	Name:        "OS::Heat::TestResource",
	Description: "Stands in for a real resource in tests: takes as long as it is told, fails when it is told, and shows a value.",
	Support:     schema.Support{Version: "5.0.0"},
	Properties: schema.Properties{
		"value":                {Kind: schema.String, Default: "test_string", UpdateAllowed: true, Description: "The value to show as output."},
		"update_replace_value": {Kind: schema.String, Description: "An update to this value replaces the resource."},
		"fail":                 {Kind: schema.Boolean, Default: false, UpdateAllowed: true, Description: "Whether creating and updating fail."},
		"update_replace":       {Kind: schema.Boolean, Default: false, UpdateAllowed: true, Description: "Whether every update replaces the resource."},
		"wait_secs":            {Kind: schema.Number, Default: int64(0), UpdateAllowed: true, Description: "How many seconds every action takes; -1 is for ever."},
		"action_wait_secs": {
			Kind: schema.Map, UpdateAllowed: true, Description: "How many seconds single actions take, instead of wait_secs.",
			Fields: schema.Properties{
				"create": {Kind: schema.Number, UpdateAllowed: true, Description: "Seconds that creating takes."},
				"update": {Kind: schema.Number, UpdateAllowed: true, Description: "Seconds that updating takes."},
				"delete": {Kind: schema.Number, UpdateAllowed: true, Description: "Seconds that deleting takes."},
			},
		},
		"attr_wait_secs": {Kind: schema.Number, Default: int64(0), UpdateAllowed: true, Description: "How many seconds reading an attribute takes."},
		"constraint_prop_secs": {
			Kind: schema.Number, Default: int64(0), UpdateAllowed: true, Description: "Accepted for templates that have it; validation never waits.",
			Constraints: []schema.Constraint{schema.Custom{Name: "test_constr"}},
		},
		"client_name": {Kind: schema.String, Default: "", UpdateAllowed: true, Description: "Accepted for templates that have it; no service is polled while waiting."},
		"entity_name": {Kind: schema.String, Default: "", UpdateAllowed: true, Description: "Accepted for templates that have it; no service is polled while waiting."},
	},
	Attributes: schema.Attributes{
		"output": {Kind: schema.Any, Description: "The value.", Live: true},
	},
	New: func() resource.Resource { return testResource{} },
}

type testResource struct{}

var (
	_ resource.CreateWaiter = testResource{}
	_ resource.Updater      = testResource{}
	_ resource.UpdateWaiter = testResource{}
	_ resource.Replacer     = testResource{}
	_ resource.DeleteWaiter = testResource{}
	_ resource.Checker      = testResource{}
	_ resource.Attributer   = testResource{}
	_ resource.Predictor    = testResource{}
)

// testData is the key of Context.Data that holds the value to show.
const testData = "value"

func (testResource) Create(_ context.Context, c *resource.Context) error {
	c.PhysicalID = c.PhysicalName(0)
	if !c.Properties.Bool("fail") {
		c.Data[testData] = c.Properties.String("value")
	}
	return nil
}

func (testResource) CreateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return testEffort(c, "create")
}

// NeedsReplace as upstream: update_replace says so for whatever has changed.
func (testResource) NeedsReplace(c *resource.Context, changed []string) bool {
	if c.Properties.Bool("update_replace") {
		return true
	}
	return slices.Contains(changed, "value") && c.Properties.Has("update_replace_value") &&
		c.Properties.String("update_replace_value") == c.Properties.String("value")
}

// Update keeps the old value when the new one is empty or the update is to fail.
func (testResource) Update(_ context.Context, c *resource.Context, changed []string) error {
	value := c.Properties.String("value")
	if slices.Contains(changed, "value") && value != "" && !c.Properties.Bool("fail") {
		c.Data[testData] = value
	}
	return nil
}

func (testResource) UpdateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return testEffort(c, "update")
}

func (testResource) Delete(context.Context, *resource.Context) error { return nil }

func (testResource) DeleteComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return testWait(c, "delete"), nil
}

func (testResource) Check(context.Context, *resource.Context) error { return nil }

func testEffort(c *resource.Context, action string) (resource.Progress, error) {
	p := testWait(c, action)
	if p.Done && c.Properties.Bool("fail") {
		return resource.Progress{}, core.Errorf(core.Invalid, "ValueError", "Test Resource failed %s", c.Name)
	}
	return p, nil
}

func testWait(c *resource.Context, action string) resource.Progress {
	secs := c.Properties.Float("wait_secs")
	if own := c.Properties.Sub("action_wait_secs"); own.Has(action) {
		secs = own.Float(action)
	}
	if secs < 0 {
		return resource.Progress{}
	}
	if left := c.Started.Add(seconds(secs)).Sub(c.Now()); left > 0 {
		return resource.Again(left)
	}
	return resource.Done
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func (testResource) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	if wait := seconds(c.Properties.Float("attr_wait_secs")); wait > 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
	if v, ok := c.Data[testData]; ok {
		return v, nil
	}
	return nil, nil
}

// Predict knows the value, but for one whose update is to fail.
func (testResource) Predict(c *resource.Context, _ string) (any, bool) {
	value := c.Properties.Get("value")
	shown, known := c.Data[testData]
	switch {
	case schema.IsUnknown(value):
		return value, true
	case c.Properties.Get("fail") != false:
		return nil, false
	case known && (value == "" || value == nil || value == c.Old.Get("value")):
		return shown, true
	}
	return value, true
}
