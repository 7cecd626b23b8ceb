package muranopl

import (
	"slices"

	"hearth/core/yaql"
)

// What native classes of the host need beside their arguments.

// CallerClass is the class whose code calls the native method, or makes the native object,
// that the frame is of; nil when that is asked for from outside.
func (f *Frame) CallerClass() *Class { return f.caller.classOf() }

// Resolve gives the class that a name means in the code of the class. It returns NoClassFound,
// and ValueError for what is no name.
func (c *Class) Resolve(name string) (*Class, error) { return c.resolve(name) }

// Receiver is what a native method is called on: an *Object, also for a static method that is
// called on one, else a TypeRef.
func Receiver(c *yaql.Call) any { return FrameOf(c).receiver }

// NewID makes an id that no other call gives: 32 hexadecimal digits. With a seed it is the
// same in every run of the program.
func (th *Thread) NewID() string { return th.newID() }

// New makes an object of a class of io.murano for a native method.
func New(c *yaql.Call, class string, properties *yaql.Dict) (*Object, error) {
	f := FrameOf(c)
	t, err := f.names.pkg.Class(class, true)
	if err != nil {
		return nil, err
	}
	th := ThreadOf(c)
	return th.store.loadDefinition(th, &definition{class: t, properties: properties, extra: yaql.NewDict(0)}, nil, loadOptions{frame: f})
}

// Raise makes the exception that a program catches by name, with extra for its handlers.
func Raise(c *yaql.Call, name, message string, extra *yaql.Dict) error {
	return &Exception{Names: []string{name}, Message: message, Stack: stackOf(FrameOf(c)), Extra: extra}
}

// Property reads a property as its owner does. It returns PropertyReadError and
// UninitializedPropertyAccessError.
func (o *Object) Property(th *Thread, name string) (any, error) { return o.get(th, name, nil) }

// NativeOf is the native part that the object has of a class; nil for none.
func (o *Object) NativeOf(class string) any {
	views := o.real.views()
	if i := slices.IndexFunc(views, func(v *Object) bool { return v.class.Name == class }); i >= 0 {
		return views[i].native
	}
	return nil
}

// FindOwner gives the nearest owner of the object that is of a class of that name; nil for
// none.
func (o *Object) FindOwner(class string) *Object {
	return o.findOwner(func(p *Object) bool { return p.Is(class) })
}
