package muranopl

import (
	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// Frame is where code runs: in which method, on what, and who called it. Every YAQL context
// has one as its host. (The variables of murano/dsl/constants.py that begin with $?.)
type Frame struct {
	ex     *Executor
	class  *Class // whose code it is to others: what it may see and write
	names  *Class // whose namespaces names are resolved in; nil: nobody's
	this   any    // *Object or TypeRef
	method *Method
	caller *Frame

	receiver any // of a native method: what stands before the dot

	instruction instruction
	exception   *Exception    // being handled
	vars        *yaql.Context // where assignments put variables

	argumentOwner *Object // of objects that arguments define
	allowWrites   bool    // of properties that are not writable: an object is being made
	skip          bool    // no frame of its own in stack traces
	actionsOnly   bool    // calls from outside: of public methods alone

	contract *contractRun // of a contract that is being applied
}

// instruction is what a stack trace shows of a frame.
type instruction struct {
	text string
	at   syntax.Position
	set  bool
}

func frameOf(c *yaql.Context) *Frame {
	f, _ := c.Host().(*Frame)
	return f
}

// classOf is the class of a frame; nil for none.
func (f *Frame) classOf() *Class {
	if f == nil {
		return nil
	}
	return f.class
}

func (f *Frame) copy() *Frame {
	c := *f
	return &c
}

// objectFrame is where code of the class of a view runs on its object (create_object_context).
func (ex *Executor) objectFrame(o *Object, caller *Frame) *Frame {
	f := &Frame{ex: ex, class: o.class, names: o.class, this: o.real}
	return f.calledBy(caller)
}

// classFrame is where static code of a class runs.
func (ex *Executor) classFrame(c *Class, caller *Frame) *Frame {
	f := &Frame{ex: ex, class: c, names: c, this: TypeRef{c}}
	return f.calledBy(caller)
}

func (f *Frame) calledBy(caller *Frame) *Frame {
	if caller == nil {
		return f
	}
	f.names, f.allowWrites = caller.names, caller.allowWrites
	for caller != nil && caller.skip {
		caller = caller.caller
	}
	f.caller = caller
	return f
}

// open makes the YAQL context of a frame: the functions of its class, this and $.
func (f *Frame) open() *yaql.Context {
	c := f.ex.base(f.class).Child()
	c.SetHost(f)
	c.Set("", f.this)
	c.Set("this", f.this)
	f.vars = c
	return c
}
