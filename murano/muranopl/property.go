package muranopl

import (
	"slices"
	"strings"
)

// The usages of properties.
const (
	usageIn      = "In"
	usageOut     = "Out"
	usageInOut   = "InOut"
	usageRuntime = "Runtime"
	usageConst   = "Const"
	usageConfig  = "Config"
	usageStatic  = "Static"
)

var (
	propertyUsages = []string{usageIn, usageOut, usageInOut, usageRuntime, usageConst, usageConfig, usageStatic}
	writableUsages = []string{usageOut, usageInOut, usageRuntime, usageStatic, usageConfig}
)

// Property is a declared property of a class (murano/dsl/murano_property.py).
type Property struct {
	spec
	Name  string
	Usage string
	meta  *metadata

	metaValues []*Object
	metaKnown  bool
}

func (c *Class) newProperty(name string, declaration any) (*Property, error) {
	s, m, err := c.newSpec(declaration)
	if err != nil {
		return nil, err
	}
	p := &Property{spec: s, Name: name, Usage: usageIn, meta: &metadata{definition: m.Get("Meta"), target: targetProperty, declaring: c}}
	if u := m.Get("Usage"); u != nil && u != "" {
		p.Usage = text(u)
	}
	if !slices.Contains(propertyUsages, p.Usage) {
		return nil, dslError("DslSyntaxError", "Unknown usage %s. Must be one of (%s)", p.Usage, strings.Join(propertyUsages, ", "))
	}
	return p, p.meta.resolve()
}

func (p *Property) set(th *Thread, value any, r request) (any, error) {
	v, err := p.transform(th, value, r)
	return v, withPlace(err, func(path string) string { return p.declaring.Name + "." + p.Name + path })
}

// YaqlRepr implements yaql.Representer.
func (p *Property) YaqlRepr() string {
	return "MuranoProperty(" + p.declaring.Name + "::" + p.Name + ")"
}
