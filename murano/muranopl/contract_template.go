package muranopl

import (
	"strings"

	"hearth/core/yaml"
	"hearth/core/yaql"
)

// passkey stands for the value of a property that a template leaves out.
type passkey struct{ _ byte } // with a size, for no two to be one

// YaqlRepr implements yaql.Representer.
func (*passkey) YaqlRepr() string { return "<Contract Passkey>" }

// contractTemplate takes the definition of an object and keeps it a definition, once an object
// of it has been made to see that it is right (murano/dsl/contracts/instances.py Template).
func contractTemplate(run *contractRun, v any, args contractArgs) (any, error) {
	t, err := args.typeContract()
	if err != nil {
		return nil, err
	}
	var excluded []string
	if list, err := args.get(3); err != nil {
		return nil, err
	} else if list != nil {
		items, err := run.th.run.Collect(list)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			excluded = append(excluded, pyStr(item))
		}
	}
	switch run.mode {
	case modeSchema:
		return templateSchema(v, t.class, excluded), nil
	case modeCheckType:
		if _, ok := v.(*yaql.Dict); ok {
			return v, nil
		}
		return v, t.compatible(run, v)
	case modeValidate:
		return v, t.compatible(run, v)
	case modeFinalize:
		return finalTemplate(run, v, excluded)
	}
	o, err := templateObject(run, v, t, excluded)
	if err != nil || o == nil {
		return nil, err
	}
	if err := t.compatible(run, o); err != nil {
		return nil, err
	}
	if run.finalize {
		return finalTemplate(run, o, excluded)
	}
	return o, nil
}

// templateObject makes the object of a definition, with the excluded properties left open.
func templateObject(run *contractRun, v any, t typeContract, excluded []string) (*Object, error) {
	switch value := v.(type) {
	case nil:
		return nil, nil
	case *Object:
		return value, nil
	case *yaql.Dict:
		key := &passkey{}
		definition, err := parseDefinition(run.th, value, run.calling, run.inner)
		if err != nil {
			return nil, err
		}
		for _, p := range excluded {
			patchPath(definition.properties, p, key)
		}
		th := run.th
		outerKey, outerDry := th.passkey, th.dryRun
		th.passkey, th.dryRun = key, true
		o, err := th.store.loadDefinition(th, definition, run.owner, loadOptions{fallback: t.fallback, scope: run.calling, frame: run.frame})
		th.passkey, th.dryRun = outerKey, outerDry
		if err != nil {
			return nil, err
		}
		o.core.passkey = key
		return o, nil
	}
	return nil, violation("Value %s cannot be represented as class %s", scalarText(v), t.class)
}

func finalTemplate(run *contractRun, v any, excluded []string) (any, error) {
	o, ok := v.(*Object)
	if !ok {
		return v, nil
	}
	if run.th.store.initializing() {
		return yaql.NewDict(0), nil
	}
	th := run.th
	outer := th.passkey
	th.passkey = o.core.passkey
	defer func() { th.passkey = outer }()
	d, err := serializeObject(th, o.real, dumpMixed)
	if err != nil {
		return nil, err
	}
	for _, p := range excluded {
		if err := removePath(d, p); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// patchPath puts a value under a path of names with dots between, if all but the last are there.
func patchPath(d *yaql.Dict, path string, v any) {
	if d, last := walkPath(d, path); d != nil {
		_ = d.Set(last, v) // a text is always a key
	}
}

func removePath(d *yaql.Dict, path string) error {
	d, last := walkPath(d, path)
	if d == nil {
		return nil
	}
	if _, ok := d.Get(last); !ok {
		return pyError("KeyError", "%s", yaml.Repr(last))
	}
	d.Delete(last)
	return nil
}

func walkPath(d *yaql.Dict, path string) (*yaql.Dict, string) {
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		v, _ := d.Get(name)
		next, ok := v.(*yaql.Dict)
		if !ok {
			return nil, ""
		}
		d = next
	}
	return d, names[len(names)-1]
}
