package engine_test

import (
	"testing"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/yaml"
)

// TestDeploymentOfAStackThatFails: what the server has not reported by then has failed, too.
func TestDeploymentOfAStackThatFails(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		s, err := l.Engine.Create(t.Context(), l.Caller, l.Request("s", `
heat_template_version: 2021-04-16
resources:
  config: {type: OS::Heat::SoftwareConfig, properties: {config: echo}}
  dep: {type: OS::Heat::SoftwareDeployment, properties: {config: {get_resource: config}, server: srv}}
  handle: {type: OS::Heat::WaitConditionHandle}
  wait: {type: OS::Heat::WaitCondition, properties: {handle: {get_resource: handle}, timeout: 600}}
`))
		if err != nil {
			t.Fatal(err)
		}
		deployments := func() []core.SoftwareDeployment {
			list, err := l.ListDeployments(t.Context(), l.Caller, "srv")
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		l.Until(func() bool {
			return len(deployments()) == 1 && l.Resources(s)["dep"] == "CREATE_IN_PROGRESS" && l.Resources(s)["wait"] == "CREATE_IN_PROGRESS"
		}, func() string { return "nothing is deployed" })
		if err := l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "handle", yaml.MapOf("status", "FAILURE", "reason", "no")); err != nil {
			t.Fatal(err)
		}
		l.Expect(l.Wait(s.ID), "CREATE_FAILED")
		if d := deployments()[0]; d.Status != core.Failed || d.StatusReason != "Deployment cancelled." {
			t.Errorf("%s: %s", d.Status, d.StatusReason)
		}
	})
}
