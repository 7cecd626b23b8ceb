package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/murano/store"
)

// counter is an application without resources: it counts how often it is deployed.
const counter = `
Namespaces:
  =: t
  std: io.murano
  m: io.murano.metadata
Name: Counter
Extends: std:Application
Properties:
  name: {Contract: $.string().notNull()}
  limit: {Contract: $.int().notNull(), Default: 100}
  count: {Contract: $.int(), Usage: Out, Default: 0}
Methods:
  .init:
    Body:
      - $._environment: $.find(std:Environment).require()
  deploy:
    Body:
      - $before: $.getAttr(deployed, 0)
      - $.setAttr(deployed, $before + 1)
      - $.count: $before + 1
      - $._environment.reporter.report($this, format('{0} was deployed, time {1}', $.name, $.count))
      - $.reportDeployed()
  add:
    Scope: Public
    Meta:
      - m:Title: {text: Count on}
    Arguments:
      - by: {Contract: $.int().notNull().check($ > 0)}
    Body:
      - If: $.count + $by > $.limit
        Then:
          - Throw: TooMuch
            Message: format('{0} is more than {1}', $.count + $by, $.limit)
      - $.count: $.count + $by
      - Return: {now: $.count, by: $by}
  sum:
    Usage: Static
    Scope: Public
    Meta:
      - m:ModelBuilder
    Arguments:
      - numbers: {Contract: [$.int().notNull()]}
    Body:
      - Return: $numbers.sum(0)
  endless:
    Scope: Public
    Body:
      - While: 1 = 1
        Do:
          - $x: 1
  .destroy:
    Body:
      - $._environment.reporter.report($this, format('{0} goes', $.name))
      - $.reportDestroyed()
`

// program uploads a package with one class.
func (k *kit) program(name, class string) {
	k.t.Helper()
	pkg := archive(k.t, map[string]string{
		"manifest.yaml":        "Format: '1.4'\nType: Application\nFullName: " + name + "\nClasses: {" + name + ": Class.yaml}\n",
		"Classes/Class.yaml":   class,
		"Resources/script.txt": "echo $NAME\n",
	})
	if status, body := k.upload(k.token, pkg, ""); status != 200 {
		k.t.Fatal(body)
	}
}

// act runs an action to its end and gives what its result is.
func (k *kit) act(env, action, args string) map[string]any {
	k.t.Helper()
	task := k.object("POST", env+"/actions/"+action, call{body: args})["task_id"].(string)
	k.settled(env)
	return k.object("GET", env+"/actions/"+task, call{})
}

// The life of a program that makes nothing but reports: deployed, acted on, redeployed,
// removed.
func TestProgram(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.program("t.Counter", counter)
		env := k.environment("e")
		app := `{"?": {"type": "t.Counter", "id": "c"}, "name": "one"}`
		if status := k.deploy(env, app, `{"?": {"type": "t.Counter", "id": "d"}, "name": "two"}`); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		want := `{"?":{"type":"t.Counter/0.0.0@t.Counter","id":"c","name":null,"metadata":null,"_actions":{` +
			`"c_add":{"enabled":true,"name":"add","title":"Count on"},"c_sum":{"enabled":true,"name":"sum","title":"sum"},"c_endless":{"enabled":true,"name":"endless","title":"endless"}}},` +
			`"name":"one","limit":100,"count":1}`
		if d := cmp.Diff(want, k.want(200, "GET", env+"/services/c", call{})); d != "" {
			t.Error(d)
		}
		if reports := k.reports(env); len(reports) != 4 || !strings.Contains(strings.Join(reports, ";"), "info one was deployed, time 1") {
			t.Error(reports)
		}
		tracked, err := store.InstancesOf(t.Context(), k.store.Reader(), strings.TrimPrefix(env, "/v1/environments/"), "c")
		if err != nil || len(tracked) != 1 || tracked[0].Type != 100 || tracked[0].TypeName != "t.Counter" || tracked[0].DestroyedAt != nil {
			t.Error(tracked, err)
		}

		if d := cmp.Diff(map[string]any{"isException": false, "result": map[string]any{"now": 6.0, "by": 5.0}}, k.act(env, "c_add", `{"by": 5}`)); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(map[string]any{"isException": false, "result": nil}, k.act(env, k.id(env)+"_deploy", `{}`)); d != "" {
			t.Error(d)
		}
		k.want(200, "GET", env+"/services/c/count", call{contains: "2"})
		k.want(200, "GET", env, call{contains: `"version":3,`})

		if status := k.deploy(env, app); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		if reports := k.reports(env); len(reports) != 4 || reports[1] != "info two goes" || reports[2] != "info one was deployed, time 3" {
			t.Error(reports)
		}
		tracked, err = store.InstancesOf(t.Context(), k.store.Reader(), k.id(env), "d")
		if err != nil || len(tracked) != 1 || tracked[0].DestroyedAt == nil {
			t.Error(tracked, err)
		}
		k.want(200, "DELETE", env, call{})
		if status := k.settled(env); status != "gone" {
			t.Fatal(status, k.reports(env))
		}
	})
}

func (k *kit) id(env string) string { return strings.TrimPrefix(env, "/v1/environments/") }

// Actions that fail, and those that there are not.
func TestActionRefused(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.program("t.Counter", counter)
		env := k.environment("e")
		if status := k.deploy(env, `{"?": {"type": "t.Counter", "id": "c"}, "name": "one", "limit": 3}`); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		failed := k.act(env, "c_add", `{"by": 5}`)
		result, _ := failed["result"].(map[string]any)
		details, _ := result["details"].(string)
		if failed["isException"] != true || result["message"] != "[t.TooMuch]: 6 is more than 3" ||
			!strings.HasPrefix(details, "t.TooMuch: 6 is more than 3\nTraceback (most recent call last):\n  File \"/t.Counter/Classes/Class.yaml\", line ") {
			t.Error(failed)
		}
		k.want(200, "GET", env, call{contains: `"status":"deploy failure"`})
		if reports := k.reports(env); cmp.Diff([]string{"info Action add is scheduled", "error [t.TooMuch]: 6 is more than 3", "info Deployment finished with errors"}, reports) != "" {
			t.Error(reports)
		}
		if r := k.act(env, "c_add", `{"by": -1}`)["result"].(map[string]any); !strings.HasPrefix(r["message"].(string), "[t.Counter::add(by)] Value -1 ") || !strings.Contains(r["details"].(string), "in method add") {
			t.Error(r)
		}
		k.want(404, "POST", env+"/actions/c_nope", call{body: `{}`, contains: `"error":{"message":"Action is not found","type":"LookupError","traceback":null}`})
		k.want(400, "POST", env+"/actions/c_add", call{})
		k.want(404, "GET", env+"/actions/nope", call{contains: `Result for task with environment_id: ` + k.id(env) + ` and task_id: nope was not found.`})
		k.want(403, "POST", env+"/actions/c_add", call{as: "other", body: `{}`})

		s := k.open(env)
		k.want(200, "PUT", env+"/services", call{session: s, body: `[{"?": {"type": "t.Counter", "id": "c", "_actions": {"c_add": {"name": "add", "enabled": false}}}, "name": "one"}]`})
		k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
		if status := k.settled(env); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		k.want(400, "POST", env+"/actions/c_add", call{body: `{}`, contains: "Cannot execute disabled action"})
		k.want(200, "GET", env, call{contains: `"status":"ready"`})
	})
}

func TestStaticAction(t *testing.T) {
	k := startSQLite(t)
	k.program("t.Counter", counter)
	k.want(200, "POST", "/v1/actions", call{body: `{"className": "t.Counter", "methodName": "sum", "parameters": {"numbers": [1, 2, 39]}}`, contains: "42"})
	for _, x := range []struct {
		status         int
		body, contains string
	}{
		{400, `{"className": "t.Counter"}`, "Class name and method name must be specified for static action"},
		{404, `{"className": "no.such", "methodName": "sum"}`, `Package for class \"no.such\" is not found`},
		{404, `{"className": "t.Counter", "methodName": "nope"}`, `Method \"nope\" is not found`},
		{404, `{"className": "t.Counter", "methodName": "sum", "packageName": "no.such"}`, `Package \"no.such\" is not found`},
		{404, `{"className": "t.Counter", "methodName": "sum", "parameters": {"nope": 1}}`, "matches supplied arguments"},
		{400, `{"className": "t.Counter", "methodName": "sum", "parameters": {"numbers": ["x"]}}`, "[t.Counter::sum(numbers[0])] Value 'x'"},
		{400, `{"className": "t.Counter", "methodName": "sum", "classVersion": "nonsense"}`, "Invalid requirement specification"},
		{503, `{"className": "t.Counter", "methodName": "add", "parameters": {"by": 1}}`, "A class instance is required"},
	} {
		k.want(x.status, "POST", "/v1/actions", call{body: x.body, contains: x.contains})
	}
	k.want(404, "POST", "/v1/actions", call{as: "other", body: `{"className": "t.Counter", "methodName": "sum", "parameters": {"numbers": []}}`})
}

func TestSchemas(t *testing.T) {
	k := startSQLite(t)
	k.program("t.Counter", counter)
	var all map[string]map[string]any
	if err := json.Unmarshal([]byte(k.want(200, "GET", "/v1/schemas/t.Counter", call{})), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all["sum"] == nil {
		t.Error(all)
	}
	if p := all[""]["properties"].(map[string]any); p["limit"].(map[string]any)["default"] != 100.0 || p["count"] != nil {
		t.Error(p)
	}
	k.want(200, "GET", "/v1/schemas/t.Counter/add", call{contains: "{}"})
	k.want(200, "GET", "/v1/schemas/t.Counter/sum?classVersion==0&packageName=t.Counter", call{contains: `{"sum":`})
	k.want(404, "GET", "/v1/schemas/no.such", call{contains: `Package for class \"no.such\" is not found`})
}

// What a program says may be no text that a database keeps.
func TestOddReports(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		k.program("t.Odd", "Namespaces: {std: io.murano, =: t}\nName: Odd\nExtends: std:Application\nMethods:\n  deploy:\n    Body:\n"+
			"      - $.find(std:Environment).require().reporter.report($this, base64decode('YQBi'))\n      - Throw: Odd\n        Message: base64decode('YwBk')\n")
		env := k.environment("e")
		if status := k.deploy(env, `{"?": {"type": "t.Odd", "id": "o\u0000o"}}`); status != "deploy failure" {
			t.Fatal(status)
		}
		if reports := k.reports(env); len(reports) != 4 || reports[1] != "info ab" {
			t.Errorf("%q", reports)
		}
	})
}

// Many environments are deployed at once in one process, each by itself.
func TestManyAtOnce(t *testing.T) {
	k := startSQLite(t)
	k.program("t.Counter", counter)
	var g sync.WaitGroup
	for i := range 30 {
		env := k.environment(fmt.Sprint("e", i))
		g.Go(func() {
			if status := k.deploy(env, fmt.Sprintf(`{"?": {"type": "t.Counter", "id": "c%d"}, "name": "n%d"}`, i, i)); status != "ready" {
				t.Error(status, k.reports(env))
			}
			if d := cmp.Diff([]string{"info Action deploy is scheduled", fmt.Sprintf("info n%d was deployed, time 1", i), "info Deployment finished"}, k.reports(env)); d != "" {
				t.Error(d)
			}
		})
	}
	g.Wait()
}
