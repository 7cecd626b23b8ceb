package native

import (
	"strings"
	"time"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// planResult gives what a plan came to. A failure is an AgentException, whose extra has what
// the agent says of it.
func planResult(c *yaql.Call, answer []byte) (any, error) {
	v, err := yaml.DecodeJSON(answer)
	if err != nil {
		return nil, failure("ValueError", "The murano-agent answered with something that is no JSON: %s", err)
	}
	result, ok := v.(*yaml.Map)
	if !ok || result.Len() == 0 {
		return nil, nil
	}
	format, ok := result.Get("FormatVersion")
	if text, _ := format.(string); !ok || strings.HasPrefix(text, "1.") {
		return resultV1(c, result)
	}
	code, _ := result.Get("ErrorCode")
	body, _ := result.Get("Body")
	if !yaql.Truth(code) {
		return yaql.Input(body), nil
	}
	fields, _ := body.(*yaml.Map)
	time, _ := result.Get("Time")
	message, _ := fields.Get("Message")
	details, _ := fields.Get("AdditionalInfo")
	var extra any
	if rest := fields.Clone(); rest.Len() > 0 {
		rest.Delete("Message")
		rest.Delete("AdditionalInfo")
		if rest.Len() > 0 {
			extra = rest
		}
	}
	return nil, agentException(c, yaml.MapOf("message", message, "details", details, "errorCode", code, "time", time, "extra", extra))
}

// resultV1 is that of agents in Windows: the answer of the last command.
func resultV1(c *yaql.Call, result *yaml.Map) (any, error) {
	v, _ := result.Get("Result")
	results, _ := v.([]any)
	if failed, _ := result.Get("IsException"); yaql.Truth(failed) {
		return nil, agentException(c, exceptionOfV1(results, "execution_plan"))
	}
	if len(results) == 0 {
		return nil, nil
	}
	last, ok := results[len(results)-1].(*yaml.Map)
	if !ok {
		return nil, nil
	}
	v, _ = last.Get("Result")
	if failed, _ := last.Get("IsException"); yaql.Truth(failed) {
		results, _ = v.([]any)
		return nil, agentException(c, exceptionOfV1(results, "command"))
	}
	return yaql.Input(v), nil
}

func exceptionOfV1(items []any, source string) *yaml.Map {
	out := yaml.NewMap(6)
	for i, name := range []string{"type", "message", "command", "details"} {
		var v any
		if i < len(items) {
			v = items[i]
		}
		out.Set(name, v)
	}
	out.Set("timestamp", time.Now().UTC().Format("2006-01-02T15:04:05.000000"))
	out.Set("source", source)
	return out
}

func agentException(c *yaql.Call, fields *yaml.Map) error {
	return muranopl.Raise(c, "murano.engine.system.agent.AgentException", yaml.Repr(fields), yaql.Input(fields).(*yaql.Dict))
}
