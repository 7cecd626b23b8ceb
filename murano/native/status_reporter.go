package native

import (
	"context"

	"hearth/core/yaql"
	"hearth/murano"
	"hearth/murano/muranopl"
)

// statusReporterClass is io.murano.system.StatusReporter
// (murano/engine/system/status_reporter.py): what programs tell the users of an environment.
var statusReporterClass = &muranopl.Native{Name: "io.murano.system.StatusReporter",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.P("environment", yaql.Any)}, Body: func(c *yaql.Call) (any, error) {
		return idOf(c.Args[0])
	}},
	Methods: []muranopl.NativeMethod{
		reportMethod("report", murano.Info),
		reportMethod("reportError", murano.Error),
		reportMethod("report_error", murano.Error),
	},
}

// idOf is the id of an object, or the id itself.
func idOf(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *muranopl.Object:
		return v.ID(), nil
	}
	return "", failure("AttributeError", "'%s' object has no attribute 'id'", yaql.TypeName(v))
}

func reportMethod(name string, level murano.Level) muranopl.NativeMethod {
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: []yaql.Param{yaql.P("instance", yaql.Any), yaql.P("msg", yaql.Any)},
		Body: func(c *yaql.Call) (any, error) {
			th, s, err := begin(c)
			if err != nil || s.Reporter == nil {
				return nil, err
			}
			id := ""
			if c.Args[0] != nil {
				if id, err = idOf(c.Args[0]); err != nil {
					return nil, err
				}
			}
			if id == muranopl.This(c).Native() || id == s.EnvironmentID {
				id = "" // the environment itself
			}
			text := str(c.Args[1])
			return nil, wait(th, func(ctx context.Context) error { return s.Reporter.Report(ctx, id, level, text) })
		}}}
}
