package native

import (
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// mistralClientClass is io.murano.system.MistralClient (murano/engine/system/workflowclient.py)
// of a server that has no workflow service: every method says so.
var mistralClientClass = &muranopl.Native{Name: "io.murano.system.MistralClient",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.Opt("regionName", yaql.Any, nil)}, Body: func(*yaql.Call) (any, error) { return nil, nil }},
	Methods: []muranopl.NativeMethod{
		mistralMethod("upload", yaql.P("definition", yaql.Any)),
		mistralMethod("run", yaql.P("name", yaql.Any), yaql.Opt("timeout", yaql.Any, int64(600)), yaql.Opt("inputs", yaql.Any, nil), yaql.Opt("params", yaql.Any, nil)),
	},
}

func mistralMethod(name string, params ...yaql.Param) muranopl.NativeMethod {
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: params, Body: func(*yaql.Call) (any, error) {
		return nil, failure("murano.engine.system.workflowclient.MistralError", "The workflow service (Mistral) is not configured: workflows cannot be uploaded or run")
	}}}
}
