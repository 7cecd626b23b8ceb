package native

import (
	"strings"

	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// agentListenerClass is io.murano.system.AgentListener (murano/engine/system/agent_listener.py).
// Answers of agents come to whoever waits for them, without a queue: there is nothing to start
// or to stop.
var agentListenerClass = &muranopl.Native{Name: "io.murano.system.AgentListener",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.P("name", yaql.String)}, Body: func(c *yaql.Call) (any, error) {
		return "-execution-results-" + strings.ToLower(c.String(0)), nil
	}},
	Methods: []muranopl.NativeMethod{
		{Function: &yaql.Function{Name: "queueName", Body: func(c *yaql.Call) (any, error) { return muranopl.This(c).Native(), nil }}},
		{Function: &yaql.Function{Name: "enabled", Body: func(c *yaql.Call) (any, error) {
			_, s, err := begin(c)
			return err == nil && s.Agents != nil, err
		}}},
		{Function: &yaql.Function{Name: "start", Body: func(*yaql.Call) (any, error) { return nil, nil }}},
		{Function: &yaql.Function{Name: "stop", Body: func(*yaql.Call) (any, error) { return nil, nil }}},
	},
}
