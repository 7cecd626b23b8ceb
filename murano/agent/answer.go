package agent

import (
	"encoding/json"
	"errors"
	"time"

	"hearth/core/yaml"
	"hearth/murano"
)

// progress is how far a plan has come: what is to be run next, or the answer.
type progress struct {
	step   []byte // the shell script that the server is to run; nil when the plan is done
	answer []byte // a JSON document
}

// advance says what comes of a plan after its scripts came to steps. log is the end of the
// server's log, for the answer of one that failed.
func advance(p *murano.AgentPlan, steps []outcome, log string) (*progress, error) {
	parsed, err := parsePlan(p.Plan)
	var result any
	if err == nil {
		result, err = parsed.run(parsed.program, steps)
		var next *pending
		if errors.As(err, &next) {
			return &progress{step: render(p.ID, len(steps), parsed.name, next.call)}, nil
		}
	}
	if err != nil {
		answer, err := yaml.EncodeJSON(answerOf(p, errorCode(err), failure(err, log)))
		return &progress{answer: answer}, err
	}
	answer, err := yaml.EncodeJSON(answerOf(p, 0, result))
	return &progress{answer: answer}, err
}

// timeFormat is Python's str(datetime).
const timeFormat = "2006-01-02 15:04:05.000000"

// answerOf is the answer of an agent (murano-agent's execution_result.py).
func answerOf(p *murano.AgentPlan, code int, body any) *yaml.Map {
	return yaml.MapOf("FormatVersion", "2.0.0", "ID", murano.NewID(), "SourceID", p.PlanID, "Action", "Execution:Result",
		"ErrorCode", int64(code), "Body", body, "Time", time.Now().UTC().Format(timeFormat))
}

// scriptFailed is the code of plans that end with a script's exit code.
const scriptFailed = 100

func errorCode(err error) int {
	if refused, ok := errors.AsType[*planError](err); ok {
		return refused.code
	}
	if _, ok := errors.AsType[*scriptError](err); ok {
		return scriptFailed
	}
	return 1
}

// failure is the Body of an answer that tells an error.
func failure(err error, log string) *yaml.Map {
	out := yaml.MapOf("Message", err.Error(), "AdditionalInfo", nil)
	if script, ok := errors.AsType[*scriptError](err); ok {
		out.Set("AdditionalInfo", script.result)
	}
	if log != "" {
		out.Set("Log", log)
	}
	return out
}

// stepsOf reads what the scripts of a plan came to so far.
func stepsOf(p *murano.AgentPlan) ([]outcome, error) {
	if p.Steps == nil {
		return nil, nil
	}
	var out []outcome
	return out, json.Unmarshal(p.Steps, &out)
}
