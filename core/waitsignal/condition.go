package waitsignal

import (
	"context"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Condition is the behaviour of a wait condition, by the names of its properties
// (heat/engine/resources/openstack/heat/wait_condition.py).
type Condition struct {
	Handle, Timeout, Count string
	// Collect gives the signals of a handle that its metadata may not hold, as they would
	// hold them; polled says that nobody wakes the condition when one comes. Nil: the
	// metadata hold them all.
	Collect func(ctx context.Context, c *resource.Context, handle *core.Resource, metadata *yaml.Map) (all *yaml.Map, polled bool, err error)
}

var (
	_ resource.CreateWaiter = Condition{}
	_ resource.Updater      = Condition{}
	_ resource.UpdateWaiter = Condition{}
	_ resource.Attributer   = Condition{}
)

// Create returns a ValueError when there is no handle to wait for.
func (n Condition) Create(ctx context.Context, c *resource.Context) error {
	_, err := n.handle(ctx, c)
	return err
}

// handle finds the handle, whose reference the condition was given.
func (n Condition) handle(ctx context.Context, c *resource.Context) (*core.Resource, error) {
	ref := c.Properties.String(n.Handle)
	row, err := c.Siblings.ByPhysicalID(ctx, ref)
	switch {
	case cloud.NotFound(err):
		return nil, errHandle(ref)
	case err != nil:
		return nil, err
	case builtIn(row.Type) && !strings.HasSuffix(row.Type, "WaitConditionHandle"):
		return nil, errHandle(row.Name)
	}
	return row, nil
}

// builtIn tells a type of the registry from a name that an environment has given one.
func builtIn(typeName string) bool {
	return strings.HasPrefix(typeName, "OS::") || strings.HasPrefix(typeName, "AWS::")
}

func errHandle(name string) error {
	return core.Errorf(core.Invalid, "ValueError", "%s is not a valid wait condition handle.", name)
}

// signals reads what the handle has received.
func (n Condition) signals(ctx context.Context, c *resource.Context) (out []signal, polled bool, err error) {
	row, err := n.handle(ctx, c)
	if err != nil {
		return nil, false, err
	}
	metadata, err := Stored(row.Metadata)
	if err == nil && n.Collect != nil {
		metadata, polled, err = n.Collect(ctx, c, row, metadata)
	}
	if err != nil {
		return nil, false, err
	}
	return read(metadata), polled, nil
}

// Stored reads a map that a row of a resource stores; it is never nil.
func Stored(b []byte) (*yaml.Map, error) {
	m := yaml.NewMap(0)
	if len(b) == 0 {
		return m, nil
	}
	return m, m.UnmarshalJSON(b)
}

// Update waits anew, for the whole time, for what is missing of the new count.
func (n Condition) Update(ctx context.Context, c *resource.Context, _ []string) error {
	_, err := n.handle(ctx, c)
	return err
}

// CreateComplete is done when enough signals of success are there. It returns WaitConditionFailure
// with the reasons as soon as one tells of failure, and WaitConditionTimeout when the time
// is up. It asks again no earlier than that: a signal wakes the resource.
func (n Condition) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	signals, polled, err := n.signals(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	var good, bad []string
	for _, s := range signals {
		if s.status == Success {
			good = append(good, s.reason)
		} else {
			bad = append(bad, s.reason)
		}
	}
	count := c.Properties.Int(n.Count)
	patience := time.Duration(c.Properties.Float(n.Timeout) * float64(time.Second))
	left := c.Started.Add(patience).Sub(c.Now())
	switch {
	case len(bad) > 0:
		return resource.Progress{}, core.Errorf(core.Conflict, "WaitConditionFailure", "%s", strings.Join(bad, ";"))
	case len(good) >= count:
		return resource.Done, nil
	case left <= 0:
		return resource.Progress{}, core.Errorf(core.Timeout, "WaitConditionTimeout", "%s", Received(good, count))
	case polled:
		left = min(c.Pause().After, left)
	}
	return resource.Again(left), nil
}

// UpdateComplete is CreateComplete after a change.
func (n Condition) UpdateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	return n.CreateComplete(ctx, c)
}

// Attribute is the one that a condition has: the data of the signals, by their ids, as a
// JSON text. It is empty when the handle is gone.
func (n Condition) Attribute(ctx context.Context, c *resource.Context, _ string) (any, error) {
	signals, _, err := n.signals(ctx, c)
	switch {
	case core.ErrorCode(err) == core.Invalid:
		return "", nil
	case err != nil:
		return nil, err
	}
	data := yaml.NewMap(len(signals))
	for _, s := range signals {
		data.Set(s.id, s.data)
	}
	return yaml.Dumps(data, false), nil
}

// Delete has the handle forget its signals, so that a condition that comes later waits for
// new ones. A handle that is gone has none.
func (n Condition) Delete(ctx context.Context, c *resource.Context) error {
	row, err := n.handle(ctx, c)
	switch {
	case core.ErrorCode(err) == core.Invalid:
		return nil
	case err != nil:
		return err
	}
	if metadata, err := Stored(row.Metadata); err != nil || metadata.Len() == 0 {
		return err
	}
	return c.Siblings.ForgetMetadata(ctx, row.ID)
}
