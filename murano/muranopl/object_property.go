package muranopl

import "slices"

// Get reads a property as code of the calling class sees it; nil: as its owner does
// (murano/dsl/murano_object.py get_property). It returns PropertyReadError,
// UninitializedPropertyAccessError.
func (o *Object) get(th *Thread, name string, calling *Class) (any, error) {
	start, derived := o.class, false
	if calling != nil && o.class.extends(calling) {
		start, derived = calling, true
	}
	if start.declares(name) {
		p, err := o.real.class.property(name)
		if err != nil {
			return nil, err
		}
		if p.Usage == usageStatic {
			return th.ex.staticValue(th, p.declaring, name, calling)
		}
		return o.real.value(name)
	}
	if derived {
		view, err := o.cast(calling)
		if err != nil {
			return nil, err
		}
		return view.value(name)
	}
	return nil, dslError("PropertyReadError", "Property \"%s\" in class \"%s\" cannot be read", name, start.Name)
}

func (o *Object) value(name string) (any, error) {
	if v, ok := o.values[name]; ok {
		return v, nil
	}
	if o.values == nil {
		return nil, pyError("TypeError", "'NoneType' object is not subscriptable")
	}
	return nil, dslError("UninitializedPropertyAccessError", "Access to uninitialized property \"%s\" in class \"%s\" is forbidden", name, o.class.Name)
}

// write is how a property is set.
type write struct {
	calling *Class // whose code writes; nil: nobody's
	allowed bool   // although the property is not writable
	dry     bool   // check, and keep what there is
}

// set writes a property: the most special declaration transforms the value, the others check
// it. It returns NoWriteAccessError, PropertyWriteError, contract violations.
func (o *Object) set(th *Thread, name string, value any, w write) error {
	start, derived := o.real.class, false
	if w.calling != nil && o.class.extends(w.calling) {
		start, derived = w.calling, true
	}
	if !start.declares(name) {
		if !derived {
			return dslError("PropertyWriteError", "Property \"%s\" in class \"%s\" cannot be written", name, start.Name)
		}
		view, err := o.cast(w.calling)
		if err == nil && !w.dry {
			view.values[name] = value
		}
		return err
	}
	ultimate, err := o.real.class.property(name)
	if err != nil {
		return err
	}
	var declared []*Property
	for _, v := range o.real.views() {
		if p := v.class.propertyOf[name]; p != nil {
			declared = append(declared, p)
		}
	}
	for _, p := range declared {
		if w.calling != nil && !w.allowed && (!slices.Contains(writableUsages, p.Usage) || !derived) {
			return dslError("NoWriteAccessError", "Property \"%s\" is immutable to the caller", name)
		}
		r := request{this: o.real, owner: o.real, calling: w.calling, finalize: len(declared) == 1}
		if p.Usage != usageStatic {
			if v, ok := o.config[name]; ok {
				r.fallback = v
			}
		}
		if p == ultimate {
			value, err = p.set(th, value, r)
		} else {
			err = p.validate(th, value, r)
		}
		if err != nil {
			return err
		}
	}
	if len(declared) > 1 {
		if value, err = ultimate.finalize(th, value, o.real, w.calling); err != nil {
			return err
		}
	}
	if ultimate.Usage == usageStatic {
		return th.ex.setStatic(th, ultimate.declaring, name, value, w)
	}
	if !w.dry {
		o.real.values[name] = value
	}
	return nil
}
