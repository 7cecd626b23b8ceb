package native_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"

	"hearth/core/yaml"
)

// agents answers plans as a server would that does at once what it is told.
type agents struct {
	mu     sync.Mutex
	answer string // "" for none, ever
	plans  map[string]*yaml.Map
	order  []string
	gone   bool
}

func (a *agents) Bootstrap(_ context.Context, environmentID, queue string) (string, error) {
	return "#!/bin/sh\n# " + environmentID + " " + queue + "\n", nil
}

func (a *agents) Offer(_ context.Context, environmentID, queue, planID string, plan []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if environmentID != "e1" || queue != "ee1-ho1" {
		return fmt.Errorf("there is no queue %s of %s", queue, environmentID)
	}
	m := yaml.NewMap(0)
	if err := m.UnmarshalJSON(plan); err != nil {
		return err
	}
	if a.plans == nil {
		a.plans = map[string]*yaml.Map{}
	}
	if a.plans[planID] == nil {
		a.plans[planID] = m
		a.order = append(a.order, planID)
	}
	return nil
}

func (a *agents) Result(ctx context.Context, _, _, planID string) ([]byte, error) {
	if a.answer == "" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []byte(strings.ReplaceAll(a.answer, "PLAN", planID)), nil
}

func (a *agents) Revoke(context.Context, string, string) error {
	a.gone = true
	return nil
}

// withAgents is a kit whose servers have agents.
func withAgents(t *testing.T, answer string) (*kit, *agents) {
	k, a := program(t), &agents{answer: answer}
	k.Agents = a
	return k, a
}

func TestAgentOfAServer(t *testing.T) {
	k, a := withAgents(t, "")
	k.want(`["ee1-ho1", "-execution-results-region-x", true, true, "", "#!/bin/sh\n# e1 ee1-ho1\n"]`, "Host", "names")
	k.want(`null`, "Host", "revoke")
	if !a.gone {
		t.Error("the server is not revoked")
	}
}

func TestPlanIsBuiltAndCarriedOut(t *testing.T) {
	k, a := withAgents(t, `{"FormatVersion": "2.0.0", "ID": "x", "SourceID": "PLAN", "Action": "Execution:Result", "ErrorCode": 0, "Body": {"stdout": "hello", "exitCode": 0}}`)
	k.want(`{"stdout": "hello", "exitCode": 0}`, "Host", "call")
	plan := a.plans[a.order[0]]
	get := func(m *yaml.Map, key string) *yaml.Map {
		v, _ := m.Get(key)
		out, ok := v.(*yaml.Map)
		if !ok {
			t.Fatalf("%s is %v", key, v)
		}
		return out
	}
	files := get(plan, "Files")
	byName := map[string]string{}
	for id, v := range files.All() {
		f := v.(*yaml.Map)
		name, _ := f.Get("Name")
		byName[yaml.Str(name)] = id
		f.Delete("Name")
	}
	for name, want := range map[string]string{
		"given.txt": `{"Body": "here", "BodyType": "Text"}`,
		"run.sh":    `{"BodyType": "Text", "Body": "echo hello\n"}`,
		"lib.sh":    `{"BodyType": "Text", "Body": "library\n"}`,
		"other.sh":  `{"BodyType": "Text", "Body": "library\n"}`,
		"tool.bin":  `{"BodyType": "Base64", "Body": "` + base64.StdEncoding.EncodeToString([]byte{0, 1, 255}) + `\n"}`,
		"big.iso":   `{"URL": "http://example.org/files/big.iso", "Type": "Downloadable"}`,
	} {
		v, _ := files.Get(byName[name])
		k.equal(want, yaml.Dumps(v, false))
	}
	script := get(get(plan, "Scripts"), "run")
	if entry, _ := script.Get("EntryPoint"); entry != byName["run.sh"] || len(byName["run.sh"]) != 32 {
		t.Error("EntryPoint", entry, byName)
	}
	var ids []any
	for _, name := range []string{"lib.sh", "tool.bin", "big.iso", "given.txt", "other.sh"} {
		ids = append(ids, byName[name])
	}
	got, _ := script.Get("Files")
	k.equal(yaml.Dumps(ids, false), yaml.Dumps(got, false))
	if action, _ := plan.Get("Action"); action != "Execute" {
		t.Error(action)
	}
	if id, _ := plan.Get("ID"); id != a.order[0] {
		t.Error(id)
	}
	if stamp, _ := plan.Get("Stamp"); stamp.(int64) < 1e13 {
		t.Error(stamp)
	}

	// The same program has the same plan carried out, however often it is run.
	k.want(`{"stdout": "hello", "exitCode": 0}`, "Host", "call")
	if len(a.order) != 1 {
		t.Error(a.order)
	}
}

func TestPlanOfWindows(t *testing.T) {
	k, a := withAgents(t, `{"IsException": false, "Result": [{"IsException": false, "Result": "first"}, {"IsException": false, "Result": "last"}]}`)
	k.want(`"last"`, "Host", "windows")
	plan := a.plans[a.order[0]]
	scripts, _ := plan.Get("Scripts")
	k.equal(`["`+base64.StdEncoding.EncodeToString([]byte("echo hello\n"))+`"]`, yaml.Dumps(scripts, false))
	a.answer = `{"IsException": true, "Result": ["System.Exception", "broken", "dir", "in detail"]}`
	k.fails("murano.engine.system.agent.AgentException", "'source': 'execution_plan'", "Host", "windows")
	a.answer = `{"IsException": false, "Result": [{"IsException": true, "Result": ["System.Exception", "broken"]}]}`
	k.fails("murano.engine.system.agent.AgentException", "'message': 'broken', 'command': None", "Host", "windows")
}

func TestPlanFails(t *testing.T) {
	k, a := withAgents(t, `{"FormatVersion": "2.0.0", "ErrorCode": 2, "Time": "now", "Body": {"Message": "no such command", "AdditionalInfo": "line 1", "stdout": "x"}}`)
	k.want(`["{'message': 'no such command', 'details': 'line 1', 'errorCode': 2, 'time': 'now', 'extra': {'stdout': 'x'}}",
		{"message": "no such command", "details": "line 1", "errorCode": 2, "time": "now", "extra": {"stdout": "x"}}]`, "Host", "caught")
	a.answer = `{"FormatVersion": "2.0.0", "ErrorCode": 1, "Body": null}`
	k.fails("murano.engine.system.agent.AgentException", "'errorCode': 1", "Host", "raw", argument(t, `{"Body": ""}`))
	a.answer = `<html>`
	k.fails("ValueError", "no JSON", "Host", "wait")
	a.answer = `null`
	k.want(`null`, "Host", "raw", argument(t, `{"FormatVersion": "2.0.0", "Body": ""}`))
}

func TestAgentsThatDoNotAnswer(t *testing.T) {
	k, a := withAgents(t, "")
	k.want(`false`, "Host", "ready")
	k.fails("murano.common.exceptions.TimeoutException", "The murano-agent did not respond within 0.01 seconds", "Host", "raw", argument(t, `{"Body": ""}`), 0.01)
	k.want(`null`, "Host", "send")
	if raw := a.plans[a.order[len(a.order)-1]]; raw.Has("ID") {
		t.Error("a raw plan is sent as it is:", yaml.Dumps(raw, false))
	}
	a.answer = `{"FormatVersion": "2.0.0", "ErrorCode": 0}`
	k.want(`true`, "Host", "ready")
	k.want(`null`, "Host", "wait")
}

func TestAgentsThatAreNotAllowed(t *testing.T) {
	k := program(t)
	k.want(`["ee1-ho1", "-execution-results-region-x", false, false, "", null]`, "Host", "names")
	for _, method := range []string{"call", "send", "ready", "wait"} {
		k.fails("murano.common.exceptions.PolicyViolationException", "Use of murano-agent is disallowed by the server configuration", "Host", method)
	}
	k.want(`null`, "Host", "revoke")
}
