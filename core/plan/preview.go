package plan

import (
	"slices"

	"hearth/core"
	"hearth/core/function"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Change is what an update does to one resource.
type Change string

// The changes, under the names of Heat's preview.
const (
	Unchanged Change = "unchanged"
	Updated   Change = "updated"
	Replaced  Change = "replaced"
	Added     Change = "added"
	Deleted   Change = "deleted"
)

// Look is a resource of a target when it is its turn in a walk.
type Look struct {
	Row *core.Resource // the walk goes on with it; Init when there is no object yet
	Was *core.Resource // what stands for the name now; nil for none
	// Idle says that the walk passes it by: it stays as it is.
	Idle bool
}

// Looks gives the resources of the target in the order in which the walk of Make would
// come by them. The rows given stay as they are.
func Looks(in Input) []Look {
	was := map[string]*core.Resource{}
	for i := range in.Rows {
		if r := &in.Rows[i]; Current(r) {
			was[r.Name] = r
		}
	}
	in.Rows = slices.Clone(in.Rows)
	p := Make(in)
	byID, rows := map[string]*core.Resource{}, map[string]*core.Resource{}
	for i := range in.Rows {
		r := &in.Rows[i]
		byID[r.ID] = r
		if r.ReplacedBy == "" {
			rows[r.Name] = r
		}
	}
	for _, r := range p.Rows {
		if r.ReplacedBy == "" {
			rows[r.Name] = r
		}
	}
	turn := map[string]bool{}
	var looks, idle []Look
	for _, n := range p.ordered() {
		r := p.row(n, byID)
		turn[r.Name] = true
		looks = append(looks, Look{Row: r, Was: was[r.Name]})
	}
	for _, name := range in.Target.Names() {
		if !turn[name] {
			idle = append(idle, Look{Row: rows[name], Was: was[name], Idle: true})
		}
	}
	return append(idle, looks...)
}

// Current reports whether a row stands for its name: no other has replaced it, and its
// object is not gone.
func Current(r *core.Resource) bool {
	return r.ReplacedBy == "" && !(r.Action == core.Delete && r.Status == core.Complete)
}

// Unforeseen is the value of a reference that shows only when the update is done.
type Unforeseen struct {
	function.Unknown
	// New says that it will certainly be another than before: that of an object that is
	// yet to be made.
	New bool
}

// certain reports whether a value will certainly be another than before although
// it cannot be told yet.
func certain(v any) bool {
	switch v := v.(type) {
	case Unforeseen:
		return v.New
	case *yaml.Map:
		for _, x := range v.All() {
			if certain(x) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, certain)
	}
	return false
}

// open reports whether a value may turn out to be what it was.
func open(v any) bool { return schema.HasUnknown(v) && !certain(v) }

// Doubts tells what of a verdict hangs on values that show only when the update is done:
// the properties that may turn out to be as they were, and whether there would then be
// another verdict. given and metadata are what the definition wanted resolves to.
func Doubts(c Case, v Verdict, given, metadata *yaml.Map) (names []string, doubtful bool) {
	same := c
	same.Props = c.Props.Clone()
	for name, value := range c.Props.All() {
		if open(value) {
			names = append(names, name)
			old, _ := c.Old.Get(name)
			same.Props.Set(name, old)
		}
	}
	slices.Sort(names)
	had, _ := ParseFingerprint(c.Row.Definition)
	inMetadata := open(metadata)
	if inMetadata {
		same.Fingerprint.Metadata = had.Metadata
	}
	if open(given) {
		same.Fingerprint.Properties = had.Properties
	}
	if len(names) == 0 && !inMetadata && !open(given) {
		return nil, v.Doubtful
	}
	return names, v.Doubtful || Judge(same).Change != v.Change
}
