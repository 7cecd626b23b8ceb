package aws_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/aws"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

func waiting(t *testing.T, st *store.Store) *enginetest.Lab {
	return enginetest.New(t, st, enginetest.Types(t, heat.Types, aws.Types), nil)
}

// await polls until the resource is in the state.
func await(l *enginetest.Lab, s *core.Stack, name, state string) {
	l.T.Helper()
	l.Until(func() bool { return l.Resources(s)[name] == state }, func() string {
		return fmt.Sprintf("%s is %s, not %s", name, l.Resources(s)[name], state)
	})
}

func begin(l *enginetest.Lab, text string) *core.Stack {
	l.T.Helper()
	s, err := l.Engine.Create(l.T.Context(), l.Caller, l.Request("s", text))
	if err != nil {
		l.T.Fatal(err)
	}
	return s
}

func update(l *enginetest.Lab, s *core.Stack, text string) {
	l.T.Helper()
	if err := l.Engine.Update(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}, engine.UpdateRequest{TemplateRequest: l.Request("s", text).TemplateRequest}); err != nil {
		l.T.Fatal(err)
	}
}

func signal(l *enginetest.Lab, s *core.Stack, id, status, reason string, data any) {
	l.T.Helper()
	body := yaml.MapOf("Status", status, "Reason", reason, "UniqueId", id, "Data", data)
	if err := l.Signal(l.T.Context(), l.Caller, engine.StackRef{ID: s.ID}, "handle", body); err != nil {
		l.T.Fatal(err)
	}
}

const cfnWaits = `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  handle: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  wait:
    Type: AWS::CloudFormation::WaitCondition
    Properties: {Handle: {Ref: handle}, Timeout: TIMEOUT, Count: COUNT}
Outputs:
  data: {Value: {'Fn::GetAtt': [wait, Data]}}
  url: {Value: {Ref: handle}}
`

func cfn(timeout, count string) string {
	return strings.NewReplacer("TIMEOUT", timeout, "COUNT", count).Replace(cfnWaits)
}

func hot(condition, handle string) string {
	names := strings.NewReplacer("CONDITION", condition, "HANDLE", handle)
	if strings.HasPrefix(condition, "OS::") {
		names = strings.NewReplacer("CONDITION", condition, "HANDLE", handle, "Handle:", "handle:", "Timeout:", "timeout:", "Count:", "count:", "Data]", "data]")
	}
	return names.Replace(`
heat_template_version: 2018-08-31
resources:
  handle: {type: HANDLE}
  wait: {type: CONDITION, properties: {Handle: {get_resource: handle}, Timeout: 600, Count: 2}}
outputs:
  data: {value: {get_attr: [wait, Data]}}
  url: {value: {get_resource: handle}}
`)
}

// A stack waits for two signals, each of its own id, and shows their data.
func TestWaitConditionWaitsForItsCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for name, text := range map[string]string{
			"CFN":          cfn("600", "2"),
			"HOT":          hot("AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"),
			"native":       hot("OS::Heat::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"),
			"other handle": hot("AWS::CloudFormation::WaitCondition", "OS::Heat::UpdateWaitConditionHandle"),
		} {
			t.Run(name, func(t *testing.T) {
				l := waiting(t, st)
				s := begin(l, text)
				await(l, s, "wait", "CREATE_IN_PROGRESS")
				signal(l, s, "a", "SUCCESS", "first", yaml.MapOf("z", int64(1), "b", "é"))
				signal(l, s, "a", "SUCCESS", "again", yaml.MapOf("z", int64(2)))
				if got := l.Resources(s)["wait"]; got != "CREATE_IN_PROGRESS" {
					t.Fatal("two signals of one id count twice: ", got)
				}
				signal(l, s, "b", "SUCCESS", "second", nil)
				s = l.Wait(s.ID)
				l.Expect(s, "CREATE_COMPLETE")
				if got := l.Output(s, "data"); got != `"{\"a\": {\"z\": 2}, \"b\": null}"` {
					t.Error(got)
				}
				if got := l.Output(s, "url"); !strings.Contains(got, "/v1/waitcondition/arn%3Aopenstack%3Aheat%3A%3Aproject%3Astacks/s/"+s.ID+"/resources/handle?SignatureMethod=HmacSHA256&") {
					t.Error(got)
				}
				if got := l.Events(s); !slices.Contains(got, "handle SIGNAL_COMPLETE: Signal: status:SUCCESS reason:again") {
					t.Error(strings.Join(got, "\n"))
				}
				l.Expect(l.Delete(s), "DELETE_COMPLETE")
			})
		}
	})
}

// Failures and the time being up fail the stack in Heat's words.
func TestWaitConditionFailsTheStack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := waiting(t, st)
		s := begin(l, cfn("600", "2"))
		await(l, s, "wait", "CREATE_IN_PROGRESS")
		signal(l, s, "a", "FAILURE", "no disk", "")
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_FAILED")
		if want := "Resource CREATE failed: WaitConditionFailure: resources.wait: no disk"; s.StatusReason != want {
			t.Errorf("%s, not %s", s.StatusReason, want)
		}
		l.Expect(l.Delete(s), "DELETE_COMPLETE")

		s = l.Create(l.Request("s", cfn("1", "1")))
		l.Expect(s, "CREATE_FAILED")
		if want := "Resource CREATE failed: WaitConditionTimeout: resources.wait: 0 of 1 received"; s.StatusReason != want {
			t.Errorf("%s, not %s", s.StatusReason, want)
		}
	})
}

// A greater count waits for what is missing; another timeout makes another condition, which
// finds the signals that are there, and the one that goes has the handle forget them.
func TestWaitConditionUpdates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := waiting(t, st)
		s := begin(l, cfn("600", "1"))
		await(l, s, "handle", "CREATE_COMPLETE")
		signal(l, s, "a", "SUCCESS", "", 1)
		s = l.Wait(s.ID)
		l.Expect(s, "CREATE_COMPLETE")

		update(l, s, cfn("600", "2"))
		await(l, s, "wait", "UPDATE_IN_PROGRESS")
		signal(l, s, "b", "SUCCESS", "", 2)
		s = l.Wait(s.ID)
		l.Expect(s, "UPDATE_COMPLETE")
		if got := l.Output(s, "data"); got != `"{\"a\": 1, \"b\": 2}"` {
			t.Error(got)
		}

		update(l, s, cfn("700", "2"))
		s = l.Wait(s.ID)
		l.Expect(s, "UPDATE_COMPLETE")
		views, err := l.Engine.Resources(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, engine.ResourceFilter{}, false)
		if err != nil || len(views) != 2 {
			t.Fatal(views, err)
		}
		update(l, s, cfn("600", "1"))
		await(l, s, "wait", "CREATE_IN_PROGRESS")
		signal(l, s, "c", "SUCCESS", "", 3)
		l.Expect(l.Wait(s.ID), "UPDATE_COMPLETE")
	})
}

// Whoever waits on an UpdateWaitConditionHandle waits for new signals with every update,
// though the template is the same; the address that there was is good no more.
func TestUpdateWaitConditionHandle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		l := waiting(t, st)
		text := hot("AWS::CloudFormation::WaitCondition", "OS::Heat::UpdateWaitConditionHandle")
		s := begin(l, text)
		await(l, s, "handle", "CREATE_COMPLETE")
		both := func(data any) {
			t.Helper()
			await(l, s, "wait", "CREATE_IN_PROGRESS")
			signal(l, s, "a", "SUCCESS", "", data)
			signal(l, s, "b", "SUCCESS", "", data)
			s = l.Wait(s.ID)
		}
		both(1)
		l.Expect(s, "CREATE_COMPLETE")
		first := l.Output(s, "url")
		update(l, s, text)
		both(2)
		l.Expect(s, "UPDATE_COMPLETE")
		if got := l.Output(s, "data"); got != `"{\"a\": 2, \"b\": 2}"` {
			t.Error(got)
		}
		if l.Output(s, "url") == first {
			t.Error("the address is still ", first)
		}
	})
}

func TestWaitConditionSignalsRefused(t *testing.T) {
	lab := resourcetest.New(t)
	handle := lab.Created(aws.Types, "AWS::CloudFormation::WaitConditionHandle", "wh")
	for _, body := range []any{
		yaml.NewMap(0),
		yaml.MapOf("Status", "SUCCESS", "Reason", "", "UniqueId", "a"),
		yaml.MapOf("Status", "SUCCESS", "Reason", "", "UniqueId", "a", "Data", "", "More", ""),
		yaml.MapOf("Status", "MAYBE", "Reason", "", "UniqueId", "a", "Data", ""),
		yaml.MapOf("status", "SUCCESS", "reason", "", "id", "a", "data", ""),
		"text",
	} {
		if _, err := handle.Signal(body); err == nil || err.Error() != "Metadata format invalid" {
			t.Errorf("%v: %v", body, err)
		}
	}
	if text, err := handle.Signal(nil); text != "" || err != nil || handle.Metadata.Len() != 0 {
		t.Errorf("nothing: %q, %v", text, err)
	}
}

func TestWaitConditionHandlesRefused(t *testing.T) {
	lab := resourcetest.New(t)
	handle := lab.Created(aws.Types, "AWS::CloudFormation::WaitConditionHandle", "wh")
	native := lab.Created(heat.Types, "OS::Heat::WaitConditionHandle", "native")
	lab.Created(heat.Types, "OS::Heat::Value", "v", "value", "x")
	address, _ := handle.Reference().(string)
	hex, _ := native.Reference().(string)
	for _, x := range []struct{ handle, want string }{
		{hex, `"` + hex + `" is not a valid URL`},
		{"http://heat.example/v1", `"http://heat.example/v1" is not a valid ARN URL`},
		{strings.Replace(address, "%3A"+handle.Stack.ProjectID, "%3Ap", 1), "WaitCondition invalid Handle tenant p"},
		{strings.Replace(address, "stacks/"+handle.Stack.Name, "stacks/x", 1), "WaitCondition invalid Handle stack x"},
		{strings.Replace(address, handle.Stack.ID, "y", 1), "WaitCondition invalid Handle stack y"},
		{strings.Replace(address, "/wh?", "/none?", 1), "WaitCondition invalid Handle none"},
		{strings.Replace(address, "/wh?", "/v?", 1), "WaitCondition invalid Handle v"},
		{handle.Links.Signal(handle.Context) + "x", `"` + handle.Links.Signal(handle.Context) + `x" is not a valid ARN URL`},
		{handle.Links.Signal(handle.Context), handle.Links.Signal(handle.Context) + " is not a valid wait condition handle."}, // of the form that they had before
		{address + "x", address + "x is not a valid wait condition handle."},
		{address, ""},
	} {
		err := lab.Resource(aws.Types, "AWS::CloudFormation::WaitCondition", "wc", "Handle", x.handle, "Timeout", int64(60)).Create()
		if errors.Is(err, resourcetest.ErrWaits) && x.want == "" {
			continue
		}
		if err == nil || err.Error() != x.want {
			t.Errorf("%v, not %s", err, x.want)
		}
	}
}
