package api_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/core/simcloud"
	"hearth/murano/environment"
	"hearth/murano/store"
)

// picker is a class that tells which package it is of, and what it uses of another.
func picker(answer string) map[string]string {
	return map[string]string{
		"manifest.yaml":     "Format: '1.4'\nType: Library\nFullName: t.Pick\nVersion: 1.2.0\nClasses: {t.Pick: Pick.yaml}\n",
		"Classes/Pick.yaml": "Name: t.Pick\nMethods:\n  who:\n    Usage: Static\n    Scope: Public\n    Body:\n      - Return: '" + answer + "'\n",
	}
}

// A project's own package comes before a public one of the same name; that of another project
// is not there.
func TestWhosePackage(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		ask := call{body: `{"className": "t.Pick", "methodName": "who"}`}
		as := func(token string) call { c := ask; c.as = token; return c }
		if status, body := k.upload("other", archive(t, picker("others")), ""); status != 200 {
			t.Fatal(body)
		}
		k.want(404, "POST", "/v1/actions", as("user"))
		if status, body := k.upload("admin", archive(t, picker("public")), `{"is_public": true}`); status != 200 {
			t.Fatal(body)
		}
		for token, want := range map[string]string{"other": `"others"`, "mate": `"public"`} {
			if got := k.want(200, "POST", "/v1/actions", as(token)); got != want {
				t.Error(token, got)
			}
		}
	})
}

// An environment goes on with the versions of packages that it has used, and says which.
func TestUsedVersions(t *testing.T) {
	k := startSQLite(t)
	if status, body := k.upload("user", archive(t, picker("one")), ""); status != 200 {
		t.Fatal(body)
	}
	pkg := archive(t, map[string]string{
		"manifest.yaml": "Format: '1.4'\nType: Application\nFullName: t.User\nClasses: {t.User: User.yaml}\nRequire:\n  t.Pick: '>=1.1'\n  io.murano:\n",
		"Classes/User.yaml": "Namespaces: {std: io.murano, =: t}\nName: User\nExtends: std:Application\nProperties:\n  who: {Contract: $.string(), Usage: Out}\n" +
			"Methods:\n  deploy:\n    Body:\n      - $.who: :Pick.who()\n",
	})
	if status, body := k.upload("user", pkg, ""); status != 200 {
		t.Fatal(body)
	}
	env := k.environment("e")
	if status := k.deploy(env, `{"?": {"type": "t.User", "id": "u"}}`); status != "ready" {
		t.Fatal(status, k.reports(env))
	}
	k.want(200, "GET", env+"/services/u/who", call{contains: `"one"`})
	if model := k.model(env); !strings.Contains(model, `"SystemData":{"Packages":{"t.Pick":["1.2.0"]}}`) {
		t.Error(model)
	}
}

// model gives the whole model of an environment as it is stored.
func (k *kit) model(env string) string {
	k.t.Helper()
	e, err := store.FindEnvironment(k.t.Context(), k.store.Reader(), k.id(env))
	if err != nil {
		k.t.Fatal(err)
	}
	return string(e.Model)
}

// What the operator configures of a class is in its Config properties.
func TestClassConfigs(t *testing.T) {
	k := startSQLite(t)
	dir := t.TempDir()
	for name, content := range map[string]string{"t.Set.json": `{"word": "configured"}`, "t.Other.yaml": "n: 5\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.worker.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := environment.ProgramsConfig{Store: k.store, Engine: k.lab.Engine, ClassConfigs: dir, Log: slog.New(slog.DiscardHandler)}
	var err error
	if k.programs, err = environment.NewPrograms(cfg); err != nil {
		t.Fatal(err)
	}
	k.worker = k.newWorker()
	if err := k.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.program("t.Set", "Namespaces: {std: io.murano, =: t}\nName: Set\nExtends: std:Application\nProperties:\n  word: {Contract: $.string(), Usage: Config, Default: none}\n"+
		"  said: {Contract: $.string(), Usage: Out}\nMethods:\n  deploy:\n    Body:\n      - $.said: $.word\n")
	env := k.environment("e")
	if status := k.deploy(env, `{"?": {"type": "t.Set", "id": "s"}}`); status != "ready" {
		t.Fatal(status, k.reports(env))
	}
	k.want(200, "GET", env+"/services/s/said", call{contains: `"configured"`})

	if err := os.WriteFile(filepath.Join(dir, "t.Bad.yaml"), []byte("a: [1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := environment.NewPrograms(cfg); err == nil || !strings.Contains(err.Error(), "t.Bad.yaml") {
		t.Error("a broken class configuration gives", err)
	}
}

// A stack that cannot be deleted keeps its environment: it can be deleted again.
func TestDeleteStackFails(t *testing.T) {
	k, cloud := startCloud(t)
	k.program("t.Machine", machine)
	env := k.environment("e")
	if status := k.deploy(env, machineOf("one")); status != "ready" {
		t.Fatal(status, k.reports(env))
	}
	mend := cloud.Inject(simcloud.Fault{Operation: "server.delete", Status: 403, Message: "not yours"})
	k.want(200, "DELETE", env, call{})
	if status := k.settled(env); status != "delete failure" {
		t.Fatal(status)
	}
	if reports := strings.Join(k.reports(env), "\n"); !strings.Contains(reports, "error Unexpected stack state DELETE_FAILED: ") || !strings.Contains(reports, "not yours") {
		t.Error(reports)
	}
	mend()
	k.want(200, "DELETE", env, call{})
	if status := k.settled(env); status != "gone" {
		t.Fatal(status, k.reports(env))
	}
	if stacks := k.cloudStacks(); len(stacks) != 0 {
		t.Error("left:", stacks)
	}
}

// An environment that is abandoned in the middle of its deployment leaves its stack, and gives
// back what was lent for the deployment.
func TestAbandonWhileDeploying(t *testing.T) {
	k, cloud := startCloud(t)
	k.program("t.Machine", machine)
	env := k.environment("e")
	s := k.open(env)
	k.want(200, "PUT", env+"/services", call{session: s, body: "[" + machineOf("one") + "]"})
	quick := cloud.Inject(simcloud.Fault{Service: "network", Operation: "subnet.create", Hang: true})
	k.want(200, "POST", env+"/sessions/"+s+"/deploy", call{})
	k.until("a stack is begun", func() bool { return len(k.cloudStacks()) == 1 })
	k.want(200, "DELETE", env+"?abandon=true", call{})
	k.want(404, "GET", env, call{})
	k.until("only the stack's trust is left", func() bool { return k.trusts() == 1 })
	quick()
	if stacks := k.cloudStacks(); len(stacks) != 1 {
		t.Error(stacks)
	}
}
