package template

import (
	"fmt"
	"slices"

	"hearth/core/diag"
	"hearth/core/yaml"
)

// Environment is what a user sends beside a template: values, defaults, and which types
// stand for which (heat/engine/environment.py).
type Environment struct {
	Parameters          *yaml.Map
	ParameterDefaults   *yaml.Map
	Registry            Registry
	EncryptedParamNames []string // encrypted_param_names
	EventSinks          []any
	// Strategies are the parameter_merge_strategies of an environment file; nil: none.
	Strategies *yaml.Map
}

var environmentSections = []string{"parameters", "resource_registry", "parameter_defaults",
	"encrypted_param_names", "event_sinks", "parameter_merge_strategies"}

// ReadEnvironment reads an environment's text: YAML alone, as Heat does.
func ReadEnvironment(text []byte, o yaml.Options) (*Environment, diag.List) {
	n, err := yaml.ParseYAML(text, o)
	if err != nil {
		return &Environment{}, unreadable(err, "", "")
	}
	if n.IsNull() {
		return &Environment{}, nil
	}
	return ParseEnvironment(n)
}

// ParseEnvironment reads an environment that is a tree already. Problems are of type
// ValueError; the APIs put "Environment not in valid format" in front.
func ParseEnvironment(n *yaml.Node) (*Environment, diag.List) {
	e := &Environment{}
	var found diag.List
	report := func(code, typ string, n *yaml.Node, format string, args ...any) {
		found = append(found, located(diag.Diagnostic{Code: code, Type: typ, Message: fmt.Sprintf(format, args...)}, "", n))
	}
	if n == nil {
		return e, nil
	}
	if n.Kind != yaml.Mapping {
		report("environment", "ValueError", n, "The environment is not a valid YAML mapping data type.")
		return e, found
	}
	for _, pair := range n.Pairs {
		switch {
		case !slices.Contains(environmentSections, pair.Key):
			report("environment_section", "ValueError", pair.At, `environment has wrong section "%s"`, pair.Key)
			continue
		case pair.Value.IsNull():
			report("environment_section", "ValueError", pair.At, `environment has empty section "%s"`, pair.Key)
			continue
		}
		v := pair.Value.Plain()
		m, isMap := v.(*yaml.Map)
		list, isList := v.([]any)
		ok := true
		switch pair.Key {
		case "parameters":
			e.Parameters, ok = m, isMap
		case "parameter_defaults":
			e.ParameterDefaults, ok = m, isMap
		case "parameter_merge_strategies":
			e.Strategies = m
		case "resource_registry":
			if ok = isMap; ok {
				found = append(found, e.Registry.load(pair.Value)...)
			}
		case "encrypted_param_names":
			for _, name := range list {
				e.EncryptedParamNames = append(e.EncryptedParamNames, yaml.Str(name))
			}
		case "event_sinks":
			e.EventSinks, ok = list, isList && sinksAreMaps(list) || emptyValue(pair.Value)
		}
		if !ok {
			report("environment_section", "ValueError", pair.Value, `environment section "%s" has the wrong type: %s`, pair.Key, yaml.TypeName(v))
		}
	}
	return e, found
}

func sinksAreMaps(list []any) bool {
	for _, s := range list {
		if _, ok := s.(*yaml.Map); !ok {
			return false
		}
	}
	return true
}

// FlatEnvironment takes a map for parameter values, the form of old and of nested stacks.
func FlatEnvironment(parameters *yaml.Map) *Environment {
	return &Environment{Parameters: parameters}
}

// Map gives the environment in the shape of GET …/environment.
func (e *Environment) Map() *yaml.Map {
	orEmpty := func(m *yaml.Map) *yaml.Map {
		if m == nil {
			return yaml.NewMap(0)
		}
		return m
	}
	out := yaml.MapOf(
		"parameters", orEmpty(e.Parameters),
		"parameter_defaults", orEmpty(e.ParameterDefaults),
		"resource_registry", e.Registry.Map(),
		"event_sinks", append([]any{}, e.EventSinks...),
	)
	names := []any{}
	for _, n := range e.EncryptedParamNames {
		names = append(names, n)
	}
	out.Set("encrypted_param_names", names)
	return out
}

// UserMap is Map without what only the server knows, as POST /validate answers it.
func (e *Environment) UserMap() *yaml.Map {
	m := e.Map()
	m.Delete("encrypted_param_names")
	return m
}

// MarshalJSON writes what Map gives.
func (e *Environment) MarshalJSON() ([]byte, error) { return yaml.EncodeJSON(e.Map()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Environment) UnmarshalJSON(b []byte) error {
	n, err := yaml.Parse(b, yaml.Options{})
	if err != nil {
		return err
	}
	read, found := ParseEnvironment(n)
	if err := found.Err(); err != nil {
		return err
	}
	*e = *read
	return nil
}

// Clone copies the environment so that the copy may be changed.
func (e *Environment) Clone() *Environment {
	c := *e
	c.Parameters = cloneMap(e.Parameters)
	c.ParameterDefaults = cloneMap(e.ParameterDefaults)
	c.Registry = e.Registry.clone()
	c.EncryptedParamNames = slices.Clone(e.EncryptedParamNames)
	c.EventSinks = slices.Clone(e.EventSinks)
	return &c
}

func cloneMap(m *yaml.Map) *yaml.Map {
	if m == nil {
		return yaml.NewMap(0)
	}
	return m.Clone()
}

// Naming gives the environment with the registry as Heat shows it once it has looked types
// up: those that are files of templates stand for themselves.
func (e *Environment) Naming(types []string) *Environment {
	c := e.Clone()
	for _, typ := range types {
		if isTemplateName(typ) && !c.Registry.types.Has(typ) {
			c.Registry.types.Set(typ, typ)
		}
	}
	return c
}

// Masked gives a copy in which the values of the template's hidden parameters are masked.
func (e *Environment) Masked(t *Template) *Environment {
	c := e.Clone()
	for _, m := range []*yaml.Map{c.Parameters, c.ParameterDefaults} {
		for _, name := range m.Keys() {
			if p := t.Parameter(name); p != nil && p.Hidden {
				m.Set(name, Masked)
			}
		}
	}
	return c
}

// Merge gives the environment of a PATCH: this one without the parameters in clear, with
// those of newer put over it. Parameters that t does not declare are dropped.
func (e *Environment) Merge(newer *Environment, t *Template, clear []string) *Environment {
	out := e.Clone()
	for _, name := range clear {
		out.Parameters.Delete(name)
	}
	out.load(newer)
	for _, name := range out.Parameters.Keys() {
		if t.Parameter(name) == nil {
			out.Parameters.Delete(name)
		}
	}
	return out
}

// load puts another environment over this one.
func (e *Environment) load(newer *Environment) {
	for k, v := range newer.Parameters.All() {
		e.Parameters.Set(k, v)
	}
	for k, v := range newer.ParameterDefaults.All() {
		e.ParameterDefaults.Set(k, v)
	}
	e.Registry.merge(newer.Registry)
	e.EventSinks = append(e.EventSinks, newer.EventSinks...)
}

// Child gives the environment of the nested stack of a resource: its parameter values,
// this environment's defaults and event sinks, and the registry that the nested stack sees.
func (e *Environment) Child(resourceName string, parameters *yaml.Map, used Mapping) *Environment {
	c := e.Clone()
	c.Parameters = cloneMap(parameters)
	c.EncryptedParamNames = nil
	c.Registry = c.Registry.Without(used).Child(resourceName)
	return c
}
