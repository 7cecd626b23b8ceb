package heat

import (
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/waitsignal"
)

// Follows UpdateWaitConditionHandle of
// heat/engine/resources/openstack/heat/wait_condition_handle.py.
var updateWaitConditionHandleType = resource.Type{
	Name:             "OS::Heat::UpdateWaitConditionHandle",
	Description:      "Receives signals as AWS::CloudFormation::WaitConditionHandle does, and is another with every update: whoever has signalled before must signal again.",
	Support:          schema.Support{Version: "2014.1"},
	ReplacedByUpdate: true,
	New:              func() resource.Resource { return waitsignal.Handle{} },
}
