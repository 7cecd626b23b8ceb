package muranopl

import "hearth/core/yaql"

// Native is a class, or a part of one, that is written in Go.
type Native struct {
	Name string // of the class, with its namespace
	// New makes the native part of a new object; its parameters take the object's. Nil: the
	// object has none.
	New *yaql.Function
	// Methods are called with their arguments alone: see This, ThreadOf and CallerOf.
	Methods []NativeMethod
}

// NativeMethod is a method of a Native. The Name of its Function is that of the method.
type NativeMethod struct {
	*yaql.Function
	Usage  string // Runtime, Static, Extension; "" is Runtime
	Public bool   // callable from outside
}

// ThreadOf is the thread that a native function runs in.
func ThreadOf(c *yaql.Call) *Thread { return c.Run.Host().(*Thread) }

// FrameOf is the method that calls a native function; inside a native method, that method.
func FrameOf(c *yaql.Call) *Frame { return c.Context.Host().(*Frame) }

// This is the object whose native method is called.
func This(c *yaql.Call) *Object {
	o, _ := FrameOf(c).this.(*Object)
	return o
}
