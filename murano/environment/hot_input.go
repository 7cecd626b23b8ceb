package environment

import (
	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/catalog"
)

// hotInput is an object of a HOT package with the package it is of.
type hotInput struct {
	pkg         *catalog.Package
	hot         *catalog.HOT
	name        string
	hotEnv      any
	environment *yaml.Node // the file that hotEnvironment names
	parameters  *yaml.Map  // templateParameters
}

// readHOT checks an object as the generated class's contracts do. The values of parameters
// are left to the template, whose constraints say the same.
func readHOT(pkg *catalog.Package, object *yaml.Map) (*hotInput, error) {
	hot, err := pkg.HOT()
	if err != nil {
		return nil, err
	}
	in := &hotInput{pkg: pkg, hot: hot}
	v, _ := object.Get("name")
	if v == nil {
		return nil, in.violation("name", "null value violates notNull() contract")
	}
	if _, ok := v.(string); !ok && !yaml.IsNumber(v) {
		return nil, in.violation("name", "Value "+yaml.Repr(v)+" violates string() contract")
	}
	in.name = yaml.Str(v)
	if err := in.readParameters(object); err != nil {
		return nil, err
	}
	return in, in.readEnvironment(object)
}

// readParameters takes every parameter that the template has, null where it is not given;
// all that are given when the package brings environment files or the template has none.
func (in *hotInput) readParameters(object *yaml.Map) error {
	v, _ := object.Get("templateParameters")
	given, ok := v.(*yaml.Map)
	if v != nil && !ok {
		return in.violation("templateParameters", "Value "+yaml.Repr(v)+" is not of a dictionary type")
	}
	if given == nil {
		given = &yaml.Map{}
	}
	if len(in.hot.Parameters) == 0 || len(in.hot.Environments) > 0 {
		in.parameters = given
		return nil
	}
	in.parameters = yaml.NewMap(len(in.hot.Parameters))
	for _, p := range in.hot.Parameters {
		value, _ := given.Get(p.Name)
		in.parameters.Set(p.Name, value)
	}
	return nil
}

func (in *hotInput) readEnvironment(object *yaml.Map) error {
	in.hotEnv, _ = object.Get("hotEnvironment")
	if isEmpty(in.hotEnv) {
		return nil
	}
	name := yaml.Str(in.hotEnv)
	text, ok := in.hot.Environments[name]
	if !ok {
		return in.violation("hotEnvironment", "there is no file HotEnvironments/"+name)
	}
	node, err := yaml.Parse([]byte(text), yaml.Options{MaxBytes: 1 << 20})
	if err != nil {
		return in.violation("hotEnvironment", "HotEnvironments/"+name+": "+err.Error())
	}
	in.environment = node
	return nil
}

func (in *hotInput) violation(property, text string) error {
	return core.Errorf(core.Invalid, "ContractViolationException", "[%s.%s] %s", in.pkg.FullName, property, text)
}

// sent are the parameters that have a value.
func (in *hotInput) sent() *yaml.Map {
	out := yaml.NewMap(in.parameters.Len())
	for k, v := range in.parameters.All() {
		if v != nil {
			out.Set(k, v)
		}
	}
	return out
}

// finish sets the object's properties as the class leaves them; stack is nil when there is
// none that its outputs could be taken from.
func (in *hotInput) finish(object *yaml.Map, stack *core.Stack) {
	outputs := yaml.NewMap(len(in.hot.Outputs))
	var values map[string]core.Output
	if stack != nil {
		values = outputsOf(stack)
	}
	for _, name := range in.hot.Outputs {
		outputs.Set(name, outputValue(values[name]))
	}
	object.Set("name", in.name)
	object.Set("hotEnvironment", in.hotEnv)
	object.Set("templateParameters", in.parameters)
	object.Set("templateOutputs", outputs)
	object.Set(attributeStackName, nil) // the class keeps it as an attribute
}

// outputValue is an output as a property: numbers and booleans as texts, as the contract
// has them; lists and maps, which it would refuse, as they are.
func outputValue(o core.Output) any {
	v, err := yaml.DecodeJSON(o.Value)
	if err != nil {
		return nil
	}
	if yaml.IsNumber(v) {
		return yaml.Str(v)
	}
	return v
}
