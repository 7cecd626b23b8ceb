package muranopl

import (
	"hearth/core/yaql"
	"hearth/murano/version"
)

// typeArgument is a type as contracts name it: a reference, or a name.
var typeArgument = yaql.ExpressionType

// typeOf gives the class that the i-th argument names; nil when it is left out.
func (a contractArgs) typeOf(i int) (*Class, error) {
	v, err := a.get(i)
	if err != nil || v == nil {
		return nil, err
	}
	return namedType(v, a.run.frame.names)
}

// namedType gives the class that a reference or a name means in the code of a class.
func namedType(v any, names *Class) (*Class, error) {
	switch v := v.(type) {
	case TypeRef:
		return v.Class, nil
	case string:
		if names == nil {
			return nil, pyError("AttributeError", "'NoneType' object has no attribute 'namespace_resolver'")
		}
		full, err := names.names.Resolve(v)
		if err != nil {
			return nil, err
		}
		return names.pkg.Class(full, true)
	}
	return nil, pyError("AttributeError", "'%s' object has no attribute 'type'", typeNameOf(v))
}

// typeContract are the arguments that class and template share.
type typeContract struct {
	class, fallback *Class
	version         any // nil: as the package of the code requires
}

func (a contractArgs) typeContract() (t typeContract, err error) {
	if t.class, err = a.typeOf(0); err != nil {
		return t, err
	}
	if t.fallback, err = a.typeOf(1); err != nil {
		return t, err
	}
	if t.fallback == nil {
		t.fallback = t.class
	}
	t.version, err = a.get(2)
	return t, err
}

// compatible checks that an object is of the class in a version that is asked for.
func (t typeContract) compatible(run *contractRun, v any) error {
	if v == nil {
		return nil
	}
	o, ok := v.(*Object)
	if !ok {
		return violation("Value is not an object")
	}
	pov := castPoint{pkg: run.frame.names.packageOf()}
	if s, ok := t.version.(string); ok && s != "" {
		spec, err := version.ParseSpec(s)
		if err != nil {
			return pyError("ValueError", "%s", err)
		}
		pov = castPoint{spec: &spec}
	}
	if _, err := castTo(o, t.class.Name, pov); err != nil {
		if isDsl(err, "NoClassFound") || isDsl(err, "AmbiguousClassName") {
			return violation("Object of type %s is not compatible with requested type %s", o.class, t.class)
		}
		return err
	}
	return nil
}

func (c *Class) packageOf() *Package {
	if c == nil {
		return nil
	}
	return c.pkg
}

func contractClass(run *contractRun, v any, args contractArgs) (any, error) {
	t, err := args.typeContract()
	if err != nil {
		return nil, err
	}
	switch run.mode {
	case modeFinalize:
		return v, nil
	case modeSchema:
		return classSchema(v, t.class), nil
	case modeValidate, modeCheckType:
		if _, later := v.(objRef); later {
			return v, nil // it is checked when the object is there
		}
		return v, t.compatible(run, v)
	}
	if ref, ok := v.(objRef); ok {
		v = ref.id
	}
	var o *Object
	switch value := v.(type) {
	case nil:
		return nil, nil
	case *Object:
		o = value
	case *yaql.Dict:
		if o, err = run.th.store.load(run.th, value, run.owner, loadOptions{fallback: t.fallback, scope: run.calling, frame: run.frame}); err != nil {
			return nil, err
		}
	case string:
		if o = run.th.store.get(value, true); o == nil {
			if run.th.store.initializing() {
				return objRef{value}, nil
			}
			return nil, dslError("NoObjectFoundError", "Object \"%s\" is not found in object store", value)
		}
	default:
		return nil, violation("Value %s cannot be represented as class %s", scalarText(v), t.class)
	}
	return o, t.compatible(run, o)
}

// castPoint is by what a version of an ancestor is chosen: a package that requires it, a
// specification, or one version.
type castPoint struct {
	pkg   *Package
	spec  *version.Spec
	exact *version.Version
}

// castTo sees an object as its ancestor of that name. It returns NoClassFound,
// AmbiguousClassName (murano/dsl/helpers.py cast).
func castTo(o *Object, class string, pov castPoint) (*Object, error) {
	var found []*Class
	for _, c := range o.class.lineage() {
		if c.Name != class {
			continue
		}
		switch {
		case pov.exact != nil:
			if !c.pkg.Version.Equal(*pov.exact) {
				continue
			}
		case pov.spec != nil:
			if !pov.spec.Has(c.pkg.Version) {
				continue
			}
		case pov.pkg != nil:
			spec, ok := pov.pkg.requirement(c.pkg.Name)
			if !ok {
				return nil, noClassFound(class)
			}
			if !spec.Has(c.pkg.Version) {
				continue
			}
		}
		found = append(found, c)
	}
	switch len(found) {
	case 0:
		return nil, noClassFound(class)
	case 1:
		return o.cast(found[0])
	}
	return nil, dslError("AmbiguousClassName", "Found more than one version of class \"%s\"", class)
}
