package plan

import (
	"slices"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// Case is a resource that has a row: what it is, and what the template wants it to be.
type Case struct {
	Row  *core.Resource
	Type *resource.Type
	// Old are the properties that the object has: those of the row, or what is seen of
	// them in reality.
	Old *yaml.Map
	// Props are the properties wanted, checked.
	Props *yaml.Map
	// Digest and Fingerprint are of the definition wanted.
	Digest      string
	Fingerprint Fingerprint
	// ExternalID is the external_id wanted.
	ExternalID string
	// Restricted is what the registry protects the resource from: update, replace.
	Restricted []string
	// Child is the state of the nested stack, "" for none.
	Child string
	// Converge has nested stacks look at the real objects.
	Converge bool
	// Resumed says that the update had begun before.
	Resumed bool
	// Context makes what Replacer decides from.
	Context func() *resource.Context
}

// Verdict is what an update does to a resource, and why.
type Verdict struct {
	Change  Change // Unchanged, Updated or Replaced
	Changed []string
	// Refused says that the update may not be done; nothing is. Kept says that it is no
	// failure of the resource, whose state stays as it is.
	Refused *core.Error
	Kept    bool
	// Reason is why the object is replaced.
	Reason string
	// Doubtful says that the object has failed, but that the type can tell whether it is
	// sound enough to go on with (resource.Salvager): then it is updated, not replaced.
	Doubtful bool
	// Definition says that nothing but the definition has changed: there is nothing to do
	// to the object.
	Definition bool
}

// Judge tells what an update does to a resource (heat/engine/resource.py _needs_update and
// update): the engine acts by it, and the preview shows it.
func Judge(c Case) Verdict {
	if c.Row.External || c.ExternalID != "" {
		if !c.Row.External || c.ExternalID != c.Row.PhysicalID {
			v := c.refused("external_id")
			v.Kept = true
			return v
		}
		return Verdict{Change: Unchanged}
	}
	v := c.judge()
	if action := map[Change]string{Updated: "update", Replaced: "replace"}[v.Change]; v.Refused == nil && slices.Contains(c.Restricted, action) {
		v.Refused, v.Kept = core.Errorf(core.Invalid, "ResourceActionRestricted", "%s is restricted for resource.", action), true
	}
	return v
}

func (c Case) refused(property string) Verdict {
	return Verdict{Change: Updated, Refused: core.NotSupported("Update to property " + property + " of " + c.Row.Name + " (" + c.Row.Type + ")")}
}

func (c Case) judge() Verdict {
	behaviour := c.Type.New()
	_, isParent := behaviour.(resource.Parent)
	row := c.Row
	switch {
	case row.Class != c.Type.Class():
		return replaced("the type has changed")
	case row.Action == core.Delete:
		return replaced("the object is deleted")
	case row.Action == core.Init:
		return replaced("there is no object")
	case c.Type.ReplacedByUpdate:
		return replaced("every update makes another")
	}
	doubtful := false
	if row.Status != core.Complete && !c.Resumed {
		if why := c.unsound(isParent); why != "" {
			_, canTell := behaviour.(resource.Salvager)
			if doubtful = canTell && row.Action != core.Check && row.PhysicalID != ""; !doubtful {
				return replaced(why)
			}
		}
	}
	v := c.compare(behaviour, isParent)
	v.Doubtful = doubtful && v.Change != Replaced
	return v
}

func replaced(why string) Verdict { return Verdict{Change: Replaced, Reason: why} }

// unsound says why a resource whose last action has not succeeded is replaced; "" when it
// is not: nested stacks decide for each of their own resources.
func (c Case) unsound(isParent bool) string {
	row := c.Row
	checked := row.Action == core.Check
	switch {
	case isParent && row.PhysicalID != "" && !checked:
		return ""
	case isParent && checked && c.Child == core.State(core.Check, core.Failed):
		return ""
	case checked:
		return "the check has failed"
	}
	return core.State(row.Action, row.Status)
}

// compare judges by what has changed in the definition.
func (c Case) compare(behaviour resource.Resource, isParent bool) Verdict {
	d := Compare(c.Type, c.Old, c.Props)
	nested := isParent && (c.Converge || c.Row.Digest != c.Digest || c.Row.Status != core.Complete || c.Child != "" && !sound(c.Child))
	switch {
	case d.Refused != "":
		return c.refused(d.Refused)
	case d.Replace:
		return Verdict{Change: Replaced, Changed: d.Changed, Reason: "properties that cannot be changed"}
	case len(d.Changed) > 0:
		return c.changed(behaviour, isParent, d.Changed)
	case nested, c.Resumed:
		return Verdict{Change: Updated}
	case c.Type.AnyProperties:
		return Verdict{Change: Unchanged}
	}
	if had, ok := ParseFingerprint(c.Row.Definition); ok && had != c.Fingerprint {
		return Verdict{Change: Updated, Definition: true}
	}
	return Verdict{Change: Unchanged}
}

func (c Case) changed(behaviour resource.Resource, isParent bool, names []string) Verdict {
	v := Verdict{Change: Updated, Changed: names}
	if rep, ok := behaviour.(resource.Replacer); ok && rep.NeedsReplace(c.Context(), names) {
		v.Change, v.Reason = Replaced, "properties that cannot be changed"
	} else if _, ok := behaviour.(resource.Updater); !ok && !isParent {
		v.Change, v.Reason = Replaced, "the type cannot be updated"
	}
	return v
}

// sound reports whether a nested stack's last action has succeeded.
func sound(state string) bool {
	_, status, ok := core.ParseState(state)
	return ok && status == core.Complete
}
