// Package resource is the contract between the engine and the resource types: what a
// Type declares, what its behaviour must be able to do, and what it may be able to do
// (small optional interfaces, guarded by `var _ resource.Updater = (*KeyPair)(nil)`).
//
// The engine calls a behaviour with a Context that holds everything about one resource.
// A behaviour keeps nothing itself: what it must remember goes into Context.PhysicalID
// and Context.Data, which are stored when the call returns (or at once by Checkpoint).
//
// A call may be made twice: a process may die between the answer of the cloud and the
// commit. So every type whose Create makes an object outside also is a Finder, and every
// Delete takes "not found" for done.
//
// No call waits. Where the cloud needs time, Create returns and CreateComplete is asked
// again and again, each time after the delay that it named; in between the resource is a
// row with a due time and costs nothing.
package resource

import (
	"context"
	"time"

	"hearth/core/schema"
	"hearth/core/yaml"
)

// Type is one resource type: everything there is to know of it, in one value.
type Type struct {
	Name        string
	Description string
	Support     schema.Support
	Properties  schema.Properties
	Attributes  schema.Attributes
	// UpdatePolicy is the schema of a definition's update_policy; nil: none may be given.
	UpdatePolicy schema.Properties
	// Service is the service type that the user's catalogue must offer ("compute",
	// "network", "volumev3"…); "" for none.
	Service string
	// PhysicalNameLimit is the longest name the service takes, in characters; 0 is 255.
	PhysicalNameLimit int
	// AnyProperties accepts any property and any attribute (OS::Heat::None).
	AnyProperties bool
	// MetadataFollows has the metadata follow the template when that alone changes them; else
	// they stay what they were made as, and signals made of them (as in Heat, where servers
	// follow and nothing else does).
	MetadataFollows bool
	// ReplacedByUpdate has every update of the stack make another object, although nothing
	// of the resource has changed.
	ReplacedByUpdate bool
	// Digest changes when what the type means changes (a template that stands for a
	// type); "" for a class.
	Digest string
	// New makes a behaviour. It is stateless; one may serve many calls.
	New func() Resource
}

// Resource is what every type can do.
type Resource interface {
	// Create makes the object and sets c.PhysicalID as soon as it is known.
	Create(ctx context.Context, c *Context) error
	// Delete removes the object. With an empty c.PhysicalID there is nothing to remove
	// but what c.Data remembers. An object that is not there is success.
	Delete(ctx context.Context, c *Context) error
}

// Progress is the answer of the …Complete methods.
type Progress struct {
	Done  bool
	After time.Duration // ask again after this long; 0 with Done false: when woken (a child stack ended, a signal came)
}

// Done is the Progress of what is done.
var Done = Progress{Done: true}

// Again is the Progress of what is to be asked again after d.
func Again(d time.Duration) Progress { return Progress{After: d} }

// Optional abilities.
type (
	// Finder looks for an object that an earlier, interrupted Create made, by the mark
	// that Create left (Context.Mark) or by its natural key. It sets c.PhysicalID when
	// it finds it. It is asked before Create is called again and before a Delete
	// without a physical id.
	Finder interface {
		Find(ctx context.Context, c *Context) (found bool, err error)
	}
	// CreateWaiter is asked until the object is usable. An error fails the resource.
	CreateWaiter interface {
		CreateComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// Updater changes the object in place. changed names the top-level properties that
	// differ, all of them UpdateAllowed; c.Properties are the new ones, c.Old the old.
	// It may return ErrReplace. Without Updater a change replaces.
	Updater interface {
		Update(ctx context.Context, c *Context, changed []string) error
	}
	// UpdateWaiter is asked until the update is done.
	UpdateWaiter interface {
		UpdateComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// Replacer says whether changed properties, although UpdateAllowed, need another
	// object. It decides from the values alone and calls nothing.
	Replacer interface {
		NeedsReplace(c *Context, changed []string) bool
	}
	// Salvager tells whether the object of a resource that has failed can still be used:
	// then an update goes on with it instead of replacing it (needs_replace_failed of
	// heat/engine/resource.py). Without it every failed resource is replaced.
	Salvager interface {
		Sound(ctx context.Context, c *Context) (bool, error)
	}
	// ReplacePreparer is called on the old resource before its replacement is created,
	// to free what the new one needs (a fixed address, a unique name).
	ReplacePreparer interface {
		PrepareReplace(ctx context.Context, c *Context) error
	}
	// ReplaceRestorer gives a resource to which a rollback returns what PrepareReplace took
	// from it, off the one that had replaced it, by, whose PhysicalID may be empty. It is
	// asked until it is done (restore_prev_rsrc of heat/engine/resource.py).
	ReplaceRestorer interface {
		RestoreReplaced(ctx context.Context, c, by *Context) (Progress, error)
	}
	// DeleteWaiter is asked until the object is gone.
	DeleteWaiter interface {
		DeleteComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// Checker compares the object with what it should be; an error fails the check.
	Checker interface {
		Check(ctx context.Context, c *Context) error
	}
	// Observer reads the properties that the object really has, those of which it is sure;
	// NotFound when the object is gone (get_live_state of heat/engine/resource.py).
	Observer interface {
		Observe(ctx context.Context, c *Context) (*yaml.Map, error)
	}
	// Suspender stops the object.
	Suspender interface {
		Suspend(ctx context.Context, c *Context) error
		SuspendComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// Resumer starts what Suspender has stopped.
	Resumer interface {
		Resume(ctx context.Context, c *Context) error
		ResumeComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// Snapshotter makes a copy of the object for a snapshot of its stack, and remembers in
	// c.Data what that is: a snapshot keeps the data as they are then. Snapshot must find
	// again what an interrupted call has made; c.Started is the same in both.
	Snapshotter interface {
		Snapshot(ctx context.Context, c *Context) error
		SnapshotComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// SnapshotRemover removes the copy that c.Data names, as the snapshot kept it. The
	// resource itself may be gone, or remember another copy by now. It is asked until it is
	// done; a copy that is not there is success.
	SnapshotRemover interface {
		DeleteSnapshot(ctx context.Context, c *Context) (Progress, error)
	}
	// Restorer gives the properties with which a resource goes back to what a snapshot
	// holds: properties are those of the template, functions unresolved, data is what the
	// snapshot kept. Without it the template of the snapshot is all.
	Restorer interface {
		RestoreProperties(properties *yaml.Map, data map[string]string) *yaml.Map
	}
	// SnapshotDeleter keeps a copy before Delete (deletion_policy: Snapshot).
	SnapshotDeleter interface {
		SnapshotDelete(ctx context.Context, c *Context) error
		SnapshotDeleteComplete(ctx context.Context, c *Context) (Progress, error)
	}
	// Signaler takes a signal; body is the decoded JSON, nil for none. The text goes
	// into the event ("Signal: …"); "" lets the signal speak for itself. It may change c.Metadata and c.Data.
	Signaler interface {
		Signal(ctx context.Context, c *Context, body any) (text string, err error)
	}
	// LateSignaler is a Signaler that takes signals while it is suspended or deleted, too:
	// it waits for them then. A signal to any other type is refused.
	LateSignaler interface {
		Signaler
		TakesLateSignals()
	}
	// Informer adds to the metadata of a resource, as they are read, what is not stored with
	// them: secrets, and what changes by itself.
	Informer interface {
		Inform(ctx context.Context, c *Context, metadata *yaml.Map) error
	}
	// Gatekeeper decides what the access key of its resource may read, by the names of the
	// stack's resources. Without it that is the resource itself.
	Gatekeeper interface {
		Allows(ctx context.Context, c *Context, name string) (bool, error)
	}
	// Adjuster is a Parent whose size scaling policies change. Adjust gives what the nested
	// stack is to become, ErrNoAction for nothing. Adjusted is called when the nested stack
	// has become what Child or Adjust said, or has failed to. Both may change c.Metadata and
	// c.Data.
	Adjuster interface {
		Adjust(ctx context.Context, c *Context, a Adjustment) (*ChildStack, error)
		Adjusted(ctx context.Context, c *Context) error
	}
	// Attributer reads an attribute. A nil value is null. Without it every attribute is null.
	Attributer interface {
		Attribute(ctx context.Context, c *Context, name string) (any, error)
	}
	// PathAttributer reads attributes whose path decides what is read (groups, provider
	// templates). It gets the whole path behind the resource name, name first.
	PathAttributer interface {
		AttributePath(ctx context.Context, c *Context, path []any) (any, error)
	}
	// Shower gives the object as its service shows it: the attribute "show" of every type.
	Shower interface {
		Show(ctx context.Context, c *Context) (any, error)
	}
	// Referencer overrides what get_resource yields: by default the physical id, or the
	// resource's name before there is one.
	Referencer interface {
		ReferenceID(c *Context) any
	}
	// Predictor tells before a create or an update what an attribute will be after it, from
	// c alone: c.Properties and c.Given are the new ones (function.Unknown among them), c.Old
	// and c.Data what there is; c.PhysicalID is "" for an object that is yet to be made. ok is
	// false when only the object itself can tell, as without this ability.
	Predictor interface {
		Predict(c *Context, attribute string) (value any, ok bool)
	}
	// ReferencePredictor does the same for what get_resource will yield. Without it a new
	// object has a reference that nobody knows yet, and one that is updated keeps its own.
	ReferencePredictor interface {
		PredictReference(c *Context) (value any, ok bool)
	}
	// Validator checks what the schema cannot say. Unknown values (function.Unknown)
	// must pass.
	Validator interface {
		Validate(ctx context.Context, c *Context) error
	}
	// Group is a Parent whose members are alike: it says which attribute of theirs a path
	// reads, and under which output of the nested stack Heat has it; "" for none.
	Group interface {
		MemberAttribute(path []any) (attribute, output string)
	}
	// Shaper knows the schema of its properties only when it sees their values (resolved,
	// unchecked, function.Unknown among them), or moves what is given under former names:
	// it gives the values to check, and what they must be.
	Shaper interface {
		Shape(given *yaml.Map) (values *yaml.Map, props schema.Properties)
	}
	// Depender adds dependencies that the template does not spell out (a floating IP
	// needs the router interface of its port's subnet). all are the resources of the
	// template; it returns the names of those to wait for.
	Depender interface {
		Dependencies(self Sibling, all []Sibling) []string
	}
	// Parent owns a nested stack: it describes the child, the engine makes it so.
	// A Parent's Create, Update and Delete are the engine's own; the methods of
	// Resource are not called. Attribute and path reads go to the child.
	Parent interface {
		Child(ctx context.Context, c *Context) (*ChildStack, error)
	}
)

// Sibling is a resource of the template as Depender sees it: its type's name and its
// properties with unknown parts as they stand in the template (references are
// function.Ref values).
type Sibling struct {
	Name, Type string
	Properties Values
	Requires   []string
}
