package template

import (
	"hearth/core/diag"
	"hearth/core/function"
)

// CheckAttributes finds get_attr of attributes that do not exist. known tells whether the
// resource has the attribute; names, for hints, lists those it has, nil: no hints.
func (b *Bound) CheckAttributes(known func(resource, attribute string) bool, names func(resource string) []string) diag.List {
	r := &binding{b: b}
	check := func(c *function.Call) {
		resource, path, ok := c.Reference(b.static)
		if !ok || len(path) == 0 || !b.Enabled(resource) {
			return
		}
		if name, isText := path[0].(string); !isText || !known(resource, name) {
			r.problems("unknown_attribute", []function.Problem{c.Problem(function.NoAttribute(resource, path[0]).Error())})
			d := &r.found[len(r.found)-1]
			d.Key, d.Hint = name, ""
			if names != nil {
				d.Hint = diag.DidYouMean(name, names(resource))
			}
		}
	}
	for _, d := range b.enabled {
		for _, e := range d.exprs() {
			e.Walk(b.static, check)
		}
	}
	for _, o := range b.outputs {
		if o.Enabled {
			o.Value.Walk(b.static, check)
		}
	}
	return r.found
}
