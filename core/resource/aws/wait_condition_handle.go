package aws

import (
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/waitsignal"
)

// Follows heat/engine/resources/aws/cfn/wait_condition_handle.py.
var waitConditionHandleType = resource.Type{
	Name:        "AWS::CloudFormation::WaitConditionHandle",
	Description: "Receives the signals that a wait condition waits for, from whoever has the address that Ref yields.",
	Support:     schema.Support{Version: "2014.1"},
	New:         func() resource.Resource { return waitsignal.Handle{} },
}
