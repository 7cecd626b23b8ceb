package aws_test

import (
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource"
	"hearth/core/resource/aws"
	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestTypes(t *testing.T) {
	if _, err := resource.NewRegistry(aws.Types); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T) *enginetest.Lab {
	t.Helper()
	lab := resourcetest.New(t)
	caller, err := lab.Cloud.Authenticate(t.Context(), lab.Token("demo"))
	if err != nil {
		t.Fatal(err)
	}
	return enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), enginetest.Types(t, heat.Types, aws.Types), caller, enginetest.WithCloud(lab.Cloud))
}

const instances = `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  config:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: {ImageId: IMAGE, InstanceType: FLAVOR, UserData: hello}
  group:
    Type: AWS::AutoScaling::AutoScalingGroup
    UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 1, MaxBatchSize: 1}}
    Properties:
      AvailabilityZones: [nova]
      LaunchConfigurationName: {Ref: config}
      MinSize: 1
      MaxSize: 3
      DesiredCapacity: 2
      Tags: [{Key: role, Value: web}]
  fixed:
    Type: OS::Heat::InstanceGroup
    Properties: {AvailabilityZones: [nova], LaunchConfigurationName: {Ref: config}, Size: 1}
  more:
    Type: AWS::AutoScaling::ScalingPolicy
    Properties: {AutoScalingGroupName: {Ref: group}, AdjustmentType: ChangeInCapacity, ScalingAdjustment: 5}
Outputs:
  group: {Value: {'Fn::GetAtt': [group, InstanceList]}}
  fixed: {Value: {'Fn::GetAtt': [fixed, InstanceList]}}
  url: {Value: {Ref: more}}
`

func template(image, flavor string) string {
	return strings.NewReplacer("IMAGE", image, "FLAVOR", flavor).Replace(instances)
}

func addresses(l *enginetest.Lab, s *core.Stack, key string) int {
	l.T.Helper()
	return len(strings.Split(strings.Trim(l.Output(s, key), `"`), ","))
}

// Groups of instances are made from a launch configuration, change when it does, and grow
// when a policy is signalled.
func TestGroupsOfInstances(t *testing.T) {
	l := start(t)
	s := l.Create(l.Request("s", template("cirros-0.6.2-x86_64-disk", "m1.tiny")))
	l.Expect(s, "CREATE_COMPLETE")
	if g, f := addresses(l, s, "group"), addresses(l, s, "fixed"); g != 2 || f != 1 {
		t.Fatal(string(s.Outputs))
	}
	s = l.Update(s, engine.UpdateRequest{TemplateRequest: l.Request("s", template("cirros-0.6.2-x86_64-disk", "m1.small")).TemplateRequest})
	l.Expect(s, "UPDATE_COMPLETE")
	if err := l.Signal(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, "more", nil); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); addresses(l, s, "group") != 3; {
		if time.Now().After(deadline) {
			t.Fatal(string(s.Outputs))
		}
		time.Sleep(10 * time.Millisecond)
		s = l.Wait(s.ID)
	}
	l.Expect(l.Delete(s), "DELETE_COMPLETE")
}

func TestRefused(t *testing.T) {
	l := start(t)
	for _, tc := range []struct{ old, with, want string }{
		{"LaunchConfigurationName: {Ref: config}\n      MinSize", "MinSize", "Either 'InstanceId' or 'LaunchConfigurationName' must be provided."},
		{"MaxSize: 3", "MaxSize: 0", "MinSize can not be greater than MaxSize"},
		{"DesiredCapacity: 2", "DesiredCapacity: 4", "DesiredCapacity must be between MinSize and MaxSize"},
		{"InstanceType: FLAVOR, ", "", "If without InstanceId, ImageId and InstanceType are required."},
		{"{Ref: config}, Size", "config, Size", "ValueError: resources.fixed: LaunchConfigurationName (config) requires a reference to the configuration not just the name of the resource."},
		{"{Ref: config}, Size", "other, Size", "ValueError: resources.fixed: LaunchConfigurationName (other) reference can not be found."},
		{"ScalingAdjustment: 5", "ScalingAdjustment: 5, MinAdjustmentStep: 2", "MinAdjustmentStep property should only be specified for AdjustmentType with value PercentChangeInCapacity."},
	} {
		text := strings.Replace(instances, tc.old, tc.with, 1)
		text = strings.NewReplacer("IMAGE", "cirros-0.6.2-x86_64-disk", "FLAVOR", "m1.tiny").Replace(text)
		_, err := l.Engine.Create(t.Context(), l.Caller, l.Request("s", text))
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", tc.with, err)
		}
	}
}
