package native

import (
	"context"

	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// instanceNotifierClass is io.murano.system.InstanceNotifier
// (murano/engine/system/instance_reporter.py): what the statistics of an environment count.
var instanceNotifierClass = &muranopl.Native{Name: "io.murano.system.InstanceNotifier",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.P("environment", object)}, Body: func(*yaql.Call) (any, error) { return nil, nil }},
	Methods: []muranopl.NativeMethod{
		trackMethod("trackApplication", []yaql.Param{yaql.Opt("title", yaql.Any, nil), yaql.Opt("unitCount", yaql.Any, nil)}, func(c *yaql.Call, i *TrackedInstance) error {
			i.Kind = ApplicationInstance
			if c.Args[1] != nil {
				i.TypeTitle = str(c.Args[1])
			}
			if c.Args[2] == nil {
				return nil
			}
			n, ok := c.Args[2].(int64)
			if !ok {
				return failure("TypeError", "unitCount must be a number, not %s", yaql.TypeName(c.Args[2]))
			}
			count := int(n)
			i.UnitCount = &count
			return nil
		}),
		untrackMethod("untrackApplication", ApplicationInstance),
		trackMethod("trackCloudInstance", nil, func(_ *yaql.Call, i *TrackedInstance) error {
			one := 1
			i.Kind, i.UnitCount = ServerInstance, &one
			return nil
		}),
		untrackMethod("untrackCloudInstance", ServerInstance),
	},
}

func trackMethod(name string, more []yaql.Param, fill func(*yaql.Call, *TrackedInstance) error) muranopl.NativeMethod {
	params := append([]yaql.Param{yaql.P("instance", object)}, more...)
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: params, Body: func(c *yaql.Call) (any, error) {
		th, s, err := begin(c)
		if err != nil || s.Instances == nil {
			return nil, err
		}
		o := c.Args[0].(*muranopl.Object)
		i := TrackedInstance{InstanceID: o.ID(), TypeName: o.Class().Name}
		if err := fill(c, &i); err != nil {
			return nil, err
		}
		return nil, wait(th, func(ctx context.Context) error { return s.Instances.Track(ctx, i) })
	}}}
}

func untrackMethod(name string, kind InstanceKind) muranopl.NativeMethod {
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: []yaql.Param{yaql.P("instance", object)}, Body: func(c *yaql.Call) (any, error) {
		th, s, err := begin(c)
		if err != nil || s.Instances == nil {
			return nil, err
		}
		id := c.Args[0].(*muranopl.Object).ID()
		return nil, wait(th, func(ctx context.Context) error { return s.Instances.Untrack(ctx, id, kind) })
	}}}
}
