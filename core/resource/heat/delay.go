package heat

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

var notNegative = []schema.Constraint{schema.Range{Min: 0}}

// Follows heat/engine/resources/openstack/heat/delay.py, but for RESUME, which always
// fails there.
var delayType = resource.Type{
	Name:        "OS::Heat::Delay",
	Description: "Takes its time: what depends on it comes later.",
	Support:     schema.Support{Version: "11.0.0"},
	Properties: schema.Properties{
		"min_wait":          {Kind: schema.Number, Default: int64(0), UpdateAllowed: true, Constraints: notNegative, Description: "How many seconds to wait at least."},
		"max_jitter":        {Kind: schema.Number, Default: int64(0), UpdateAllowed: true, Constraints: notNegative, Description: "The most that chance adds to the wait."},
		"jitter_multiplier": {Kind: schema.Number, Default: 1.0, UpdateAllowed: true, Constraints: notNegative, Description: "How many seconds one unit of max_jitter is."},
		"actions": {
			Kind: schema.List, Default: []any{"CREATE"}, UpdateAllowed: true, Description: "The actions that take their time.",
			Constraints: []schema.Constraint{schema.OneOf("CREATE", "DELETE", "SUSPEND", "RESUME")},
		},
	},
	New: func() resource.Resource { return delay{} },
}

// delayData is the key of Context.Data that holds when the wait of the running action is
// over: chance is asked once.
const delayData = "until"

type delay struct{}

var (
	_ resource.CreateWaiter = delay{}
	_ resource.Updater      = delay{}
	_ resource.DeleteWaiter = delay{}
	_ resource.Suspender    = delay{}
	_ resource.Resumer      = delay{}
	_ resource.Validator    = delay{}
)

// Validate refuses a wait that the stack's timeout would end.
func (delay) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	for _, name := range []string{"min_wait", "max_jitter", "jitter_multiplier"} {
		if schema.IsUnknown(p.Get(name)) {
			return nil
		}
	}
	longest := p.Float("min_wait") + p.Float("max_jitter")*p.Float("jitter_multiplier")
	if limit := c.Stack.TimeoutMins * 60; limit > 0 && longest > float64(limit) {
		return core.StackValidationFailed("%s maximum delay %ss exceeds stack timeout.", c.Type, yaml.Str(longest))
	}
	return nil
}

func (delay) Create(_ context.Context, c *resource.Context) error {
	startDelay(c, core.Create)
	return nil
}

func (delay) CreateComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return delayProgress(c)
}

// Update changes what the next action does and takes no time.
func (delay) Update(context.Context, *resource.Context, []string) error { return nil }

func (delay) Delete(_ context.Context, c *resource.Context) error {
	startDelay(c, core.Delete)
	return nil
}

func (delay) DeleteComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return delayProgress(c)
}

func (delay) Suspend(_ context.Context, c *resource.Context) error {
	startDelay(c, core.Suspend)
	return nil
}

func (delay) SuspendComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return delayProgress(c)
}

func (delay) Resume(_ context.Context, c *resource.Context) error {
	startDelay(c, core.Resume)
	return nil
}

func (delay) ResumeComplete(_ context.Context, c *resource.Context) (resource.Progress, error) {
	return delayProgress(c)
}

func startDelay(c *resource.Context, a core.Action) {
	delete(c.Data, delayData)
	p := c.Properties
	if !slices.Contains(p.Strings("actions"), string(a)) {
		return
	}
	wait := p.Float("min_wait") + p.Float("max_jitter")*p.Float("jitter_multiplier")*rand.Float64()
	if wait > 0 {
		c.Data[delayData] = c.Now().Add(seconds(wait)).UTC().Format(time.RFC3339Nano)
	}
}

func delayProgress(c *resource.Context) (resource.Progress, error) {
	text := c.Data[delayData]
	if text == "" {
		return resource.Done, nil
	}
	until, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return resource.Progress{}, err
	}
	if left := until.Sub(c.Now()); left > 0 {
		return resource.Again(left), nil
	}
	delete(c.Data, delayData)
	return resource.Done, nil
}
