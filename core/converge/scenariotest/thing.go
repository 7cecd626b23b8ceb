package scenariotest

import (
	"context"
	"fmt"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// thingName is the type of the Reality's objects.
const thingName = "Test::Thing"

// askAgain is how long a call that is not done waits before the next ask.
const askAgain = time.Second

// valueProperties are the properties that an object keeps.
var valueProperties = []string{"value", "fixed", "link"}

// thingType is a type whose objects live in a Reality.
func thingType(r *Reality) resource.Type {
	attributes := schema.Attributes{"signals": {Kind: schema.Any}}
	for _, name := range valueProperties {
		attributes[name] = schema.Attribute{Kind: schema.String}
	}
	return resource.Type{
		Name: thingName,
		Properties: schema.Properties{
			"value":  {Kind: schema.String, UpdateAllowed: true},
			"link":   {Kind: schema.String, UpdateAllowed: true, Description: "An object that must exist as long as this one refers to it."},
			"fixed":  {Kind: schema.String, Description: "A change replaces the object."},
			"awaits": {Kind: schema.Integer, Default: int64(0), UpdateAllowed: true, Description: "Signals that it takes to be created."},
		},
		Attributes: attributes,
		New:        func() resource.Resource { return thing{r} },
	}
}

type thing struct{ r *Reality }

var (
	_ resource.Finder       = thing{}
	_ resource.CreateWaiter = thing{}
	_ resource.Updater      = thing{}
	_ resource.UpdateWaiter = thing{}
	_ resource.DeleteWaiter = thing{}
	_ resource.Checker      = thing{}
	_ resource.Suspender    = thing{}
	_ resource.Resumer      = thing{}
	_ resource.Attributer   = thing{}
	_ resource.Signaler     = thing{}
)

func valuesOf(p resource.Values) map[string]string {
	out := map[string]string{}
	for _, name := range valueProperties {
		if p.Has(name) {
			out[name] = p.String(name)
		}
	}
	return out
}

func (k thing) Create(_ context.Context, c *resource.Context) error {
	o := &Object{Name: c.Name, StackID: c.Stack.ID, Row: c.ID, Values: valuesOf(c.Properties)}
	err := k.r.act("create", c.Name, func() error { k.r.create(o); return nil })
	if err == nil {
		c.PhysicalID = o.ID
	}
	return err
}

func (k thing) CreateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	if n := c.Properties.Int("awaits"); signals(c) < n {
		return resource.Progress{}, nil
	}
	return k.r.ask("create", c.Name), nil
}

// Find knows an object by the row that it was made for.
func (k thing) Find(_ context.Context, c *resource.Context) (bool, error) {
	k.r.mu.Lock()
	defer k.r.mu.Unlock()
	o := k.r.byRow(c.ID)
	if o == nil {
		return false, nil
	}
	c.PhysicalID = o.ID
	k.r.calls = append(k.r.calls, "find:"+o.ID)
	return true, nil
}

// change does a call to the object at hand; one that does not exist is an error.
func (k thing) change(verb string, c *resource.Context, do func(*Object)) error {
	return k.r.act(verb, c.Name, func() error {
		o := k.r.byID(c.PhysicalID)
		if o == nil {
			return core.EntityNotFound("Thing", c.PhysicalID)
		}
		k.r.calls = append(k.r.calls, verb+":"+o.ID)
		do(o)
		return nil
	})
}

func (k thing) Update(_ context.Context, c *resource.Context, _ []string) error {
	return k.change("update", c, func(o *Object) {
		o.Values = valuesOf(c.Properties)
		k.r.links(o)
	})
}

func (k thing) UpdateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return k.r.ask("update", c.Name), nil
}

// Delete of what does not exist is success.
func (k thing) Delete(_ context.Context, c *resource.Context) error {
	return k.r.act("delete", c.Name, func() error {
		if o := k.r.byID(c.PhysicalID); o != nil {
			k.r.remove(o)
		}
		return nil
	})
}

func (k thing) DeleteComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return k.r.ask("delete", c.Name), nil
}

func (k thing) Check(_ context.Context, c *resource.Context) error {
	return k.change("check", c, func(*Object) {})
}

func (k thing) Suspend(_ context.Context, c *resource.Context) error {
	return k.change("suspend", c, func(o *Object) { o.Suspended = true })
}

func (k thing) SuspendComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return k.r.ask("suspend", c.Name), nil
}

func (k thing) Resume(_ context.Context, c *resource.Context) error {
	return k.change("resume", c, func(o *Object) { o.Suspended = false })
}

func (k thing) ResumeComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return k.r.ask("resume", c.Name), nil
}

func (k thing) Attribute(_ context.Context, c *resource.Context, name string) (any, error) {
	if name == "signals" {
		return int64(signals(c)), nil
	}
	k.r.mu.Lock()
	defer k.r.mu.Unlock()
	o := k.r.byID(c.PhysicalID)
	if o == nil {
		return nil, nil
	}
	if v, ok := o.Values[name]; ok {
		return v, nil
	}
	return nil, nil
}

// Signal counts.
func (k thing) Signal(_ context.Context, c *resource.Context, _ any) (string, error) {
	n := signals(c) + 1
	if c.Metadata == nil {
		c.Metadata = yaml.NewMap(1)
	}
	c.Metadata.Set("signals", int64(n))
	return fmt.Sprintf("number %d", n), nil
}

func signals(c *resource.Context) int { return resource.NewValues(c.Metadata).Int("signals") }
