package muranopl

import (
	"hearth/core/yaql"
)

// principals are the native parts of io.murano that the language itself needs
// (murano/dsl/principal_objects).
var principals = []*Native{
	{Name: rootClass, Methods: []NativeMethod{
		{Function: &yaql.Function{Name: "setAttr", Params: []yaql.Param{yaql.P("name", yaql.Any), yaql.P("value", yaql.Any), yaql.Opt("owner", typeOrName, nil)}, Body: setAttr}},
		{Function: &yaql.Function{Name: "getAttr", Params: []yaql.Param{yaql.P("name", yaql.Any), yaql.Opt("default", yaql.Any, nil), yaql.Opt("owner", typeOrName, nil)}, Body: getAttr}},
	}},
	{Name: "io.murano.Exception", Methods: []NativeMethod{
		{Function: &yaql.Function{Name: "toString", Body: exceptionText}},
	}},
	{Name: "io.murano.StackTrace",
		New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.Opt("includeNativeFrames", yaql.Boolean, true)}, Body: newStackTrace},
		Methods: []NativeMethod{
			{Public: true, Function: &yaql.Function{Name: "toString", Params: []yaql.Param{yaql.Opt("prefix", yaql.String, "")}, Body: stackTraceText}},
		}},
	{Name: "io.murano.system.GC", Methods: []NativeMethod{
		{Usage: usageStatic, Function: &yaql.Function{Name: "subscribeDestruction", Params: subscriptionParams, Body: subscribe}},
		{Usage: usageStatic, Function: &yaql.Function{Name: "unsubscribeDestruction", Params: subscriptionParams, Body: unsubscribe}},
		{Usage: usageStatic, Function: &yaql.Function{Name: "collect", Body: func(c *yaql.Call) (any, error) {
			return nil, ThreadOf(c).collectGarbage(FrameOf(c))
		}}},
		{Usage: usageStatic, Function: &yaql.Function{Name: "isDoomed", Params: []yaql.Param{yaql.P("object_", anyObject)}, Body: func(c *yaql.Call) (any, error) {
			return ThreadOf(c).ex.main.doomed(c.Args[0].(*Object)), nil
		}}},
		{Usage: usageStatic, Function: &yaql.Function{Name: "isDestroyed", Params: []yaql.Param{yaql.P("object_", anyObject)}, Body: func(c *yaql.Call) (any, error) {
			return c.Args[0].(*Object).gone, nil
		}}},
	}},
}

// attributeOf is the key of an attribute: that of the calling class, unless another is named.
func attributeOf(c *yaql.Call, owner any) (attributeKey, error) {
	f := FrameOf(c)
	class := f.caller.classOf()
	if owner != nil {
		var err error
		if class, err = namedType(owner, f.caller.classOf()); err != nil {
			return attributeKey{}, err
		}
	}
	if class == nil {
		return attributeKey{}, pyError("AttributeError", "'NoneType' object has no attribute 'name'")
	}
	return attributeKey{This(c).ID(), class.Name, pyStr(c.Args[0])}, nil
}

func setAttr(c *yaql.Call) (any, error) {
	k, err := attributeOf(c, c.Args[2])
	if err == nil {
		ThreadOf(c).ex.attributes.set(k, c.Args[1])
	}
	return nil, err
}

func getAttr(c *yaql.Call) (any, error) {
	k, err := attributeOf(c, c.Args[2])
	if err != nil {
		return nil, err
	}
	if v := ThreadOf(c).ex.attributes.get(k); v != nil {
		return v, nil
	}
	return c.Args[1], nil
}

func exceptionText(c *yaql.Call) (any, error) {
	v, err := This(c).get(ThreadOf(c), "nativeException", nil)
	if err != nil {
		return nil, err
	}
	e, ok := v.(*Exception)
	if !ok {
		return nil, pyError("AttributeError", "'%s' object has no attribute 'format'", typeNameOf(v))
	}
	return e.Format(""), nil
}

// newStackTrace takes the frames of the code that makes the object.
func newStackTrace(c *yaql.Call) (any, error) {
	f := FrameOf(c)
	return nil, f.setFrames(ThreadOf(c), stackOf(f.caller))
}

func (f *Frame) setFrames(th *Thread, frames []StackFrame) error {
	return thisOf(f).set(th, "frames", frameValues(frames), write{allowed: true})
}

// stackTrace makes an io.murano.StackTrace of frames.
func (th *Thread) stackTrace(frames []StackFrame, f *Frame) (*Object, error) {
	o, err := th.newCore("io.murano.StackTrace", f)
	if err != nil {
		return nil, err
	}
	o.values["frames"] = frameValues(frames)
	return o, nil
}

func frameValues(frames []StackFrame) yaql.Tuple {
	out := make(yaql.Tuple, len(frames))
	for i, s := range frames {
		var at, typ, method, instruction any
		if s.At != nil {
			at = Location{*s.At}
		}
		if s.Type != "" {
			typ = s.Type
		}
		if s.Method != "" {
			method = s.Method
		}
		if s.At != nil || s.Instruction != "" {
			instruction = s.Instruction
		}
		out[i] = dictOf("instruction", instruction, "location", at, "methodName", method, "typeName", typ)
	}
	return out
}

func stackTraceText(c *yaql.Call) (any, error) {
	v, err := This(c).get(ThreadOf(c), "frames", nil)
	if err != nil {
		return nil, err
	}
	var frames []StackFrame
	items, _ := sequence(v)
	for _, item := range items {
		d, ok := item.(*yaql.Dict)
		if !ok {
			continue
		}
		s := StackFrame{Instruction: dictText(d, "instruction"), Method: dictText(d, "methodName"), Type: dictText(d, "typeName")}
		if l, _ := d.Get("location"); l != nil {
			at := l.(Location).Position
			s.At = &at
		}
		frames = append(frames, s)
	}
	return FormatStack(frames, c.String(0)), nil
}

func dictText(d *yaql.Dict, key string) string {
	v, _ := d.Get(key)
	if v == nil {
		return ""
	}
	return pyStr(v)
}
