package nova

import "hearth/core/schema"

func custom(name string) []schema.Constraint { return []schema.Constraint{schema.Custom{Name: name}} }

func oneOf(values ...string) []schema.Constraint { return []schema.Constraint{schema.OneOf(values...)} }

func since(version string) schema.Support { return schema.Support{Version: version} }

var serverProperties = schema.Properties{
	"name": {Kind: schema.String, UpdateAllowed: true, Description: "Name of the server; without it one is made of the stack's and the resource's."},
	"image": {
		Kind: schema.String, UpdateAllowed: true, Constraints: custom("glance.image"),
		Description: "Name or ID of the image to boot from. Not needed when a block device is booted from.",
	},
	"block_device_mapping": {
		Kind: schema.List, Description: "Volumes of the server, in the old form.",
		Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
			"device_name":           {Kind: schema.String, Required: true, Description: "Name of the device, such as vda, where the volume shall appear; a hint that not every hypervisor heeds."},
			"volume_id":             {Kind: schema.String, Constraints: custom("cinder.volume"), Description: "Name or ID of the volume."},
			"snapshot_id":           {Kind: schema.String, Constraints: custom("cinder.snapshot"), Description: "Name or ID of the snapshot to make the volume from."},
			"volume_size":           {Kind: schema.Integer, Description: "Size of a new volume in GB; without it that of its snapshot."},
			"delete_on_termination": {Kind: schema.Boolean, Description: "Whether the volume goes with the server."},
		}},
	},
	"block_device_mapping_v2": {
		Kind: schema.List, Support: since("2015.1"), Description: "Block devices of the server.",
		Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
			"device_name": {Kind: schema.String, Description: "Name of the device, such as vda, where it shall appear; a hint that not every hypervisor heeds."},
			"volume_id":   {Kind: schema.String, Constraints: custom("cinder.volume"), Description: "Name or ID of a volume to attach."},
			"image_id": {
				Kind: schema.String, ReplacedBy: "image", Constraints: custom("glance.image"), Description: "Name or ID of an image to make a volume from.",
				Support: schema.Support{
					Status: "HIDDEN", Version: "9.0.0", Message: "Use property image.",
					Previous: &schema.Support{Status: "DEPRECATED", Version: "7.0.0", Previous: &schema.Support{Version: "5.0.0"}},
				},
			},
			"image":                 {Kind: schema.String, Support: since("7.0.0"), Constraints: custom("glance.image"), Description: "Name or ID of an image to make a volume from."},
			"snapshot_id":           {Kind: schema.String, Constraints: custom("cinder.snapshot"), Description: "Name or ID of a snapshot to make a volume from."},
			"swap_size":             {Kind: schema.Integer, Description: "Size of a swap disk in MB."},
			"ephemeral_size":        {Kind: schema.Integer, Support: since("8.0.0"), Constraints: []schema.Constraint{schema.Range{Min: 1}}, Description: "Size of a local disk in GB."},
			"ephemeral_format":      {Kind: schema.String, Support: since("8.0.0"), Constraints: oneOf("ext2", "ext3", "ext4", "xfs", "ntfs"), Description: "File system of a local disk."},
			"device_type":           {Kind: schema.String, Constraints: oneOf("cdrom", "disk"), Description: "What the device looks like."},
			"disk_bus":              {Kind: schema.String, Constraints: oneOf("ide", "lame_bus", "scsi", "usb", "virtio"), Description: "The bus that the device is on."},
			"boot_index":            {Kind: schema.Integer, Description: "Place in the order of boot devices; negative for none."},
			"volume_size":           {Kind: schema.Integer, Description: "Size of a new volume in GB."},
			"delete_on_termination": {Kind: schema.Boolean, Description: "Whether the volume goes with the server."},
		}},
	},
	"flavor": {Kind: schema.String, Required: true, UpdateAllowed: true, Constraints: custom("nova.flavor"), Description: "Name or ID of the flavor, which sets processors, memory and disk."},
	"flavor_update_policy": {
		Kind: schema.String, Default: "RESIZE", UpdateAllowed: true, Constraints: oneOf("RESIZE", "REPLACE"),
		Description: "Whether a change of flavor resizes the server or replaces it.",
	},
	"image_update_policy": {
		Kind: schema.String, Default: "REBUILD", UpdateAllowed: true, Constraints: oneOf("REBUILD", "REPLACE", "REBUILD_PRESERVE_EPHEMERAL"),
		Description: "Whether a change of image rebuilds the server, perhaps keeping its local disks, or replaces it.",
	},
	"key_name": {Kind: schema.String, Constraints: custom("nova.keypair"), Description: "Name of the key pair to put into the server."},
	"admin_user": {
		Kind: schema.String, NotImplemented: true, Description: "Name of the user to log in as. It has no effect.",
		Support: schema.Support{
			Status: "HIDDEN", Version: "5.0.0", Message: "The default user of cloud-init is set in the image.",
			Previous: &schema.Support{Status: "DEPRECATED", Version: "2014.1"},
		},
	},
	"availability_zone": {Kind: schema.String, Description: "Name of the availability zone to place the server in."},
	"security_groups":   {Kind: schema.List, Default: []any{}, Description: "Names or IDs of the security groups of the server's own ports; given ports keep theirs."},
	"networks": {
		Kind: schema.List, UpdateAllowed: true, Item: &schema.Property{Kind: schema.Map, Fields: serverNetworkProperties},
		Description: "The server's interfaces in their order. Without it the server is on the only network there is.",
	},
	"scheduler_hints": {Kind: schema.Map, Description: "Hints to the scheduler, such as the server group in {group: …}."},
	"metadata":        {Kind: schema.Map, UpdateAllowed: true, Description: "Metadata that Nova keeps with the server. Values that are no texts are written as JSON."},
	"user_data_format": {
		Kind: schema.String, Default: "HEAT_CFNTOOLS", Constraints: oneOf("HEAT_CFNTOOLS", "RAW", "SOFTWARE_CONFIG"),
		Description: "How user_data reaches cloud-init: as it is (RAW), or as a part of a multipart message, itself taken apart when it is one (SOFTWARE_CONFIG), beside the metadata of the resource.",
	},
	"software_config_transport": {
		Kind: schema.String, Default: "POLL_SERVER_CFN", UpdateAllowed: true, Support: since("2014.2"),
		Constraints: oneOf("POLL_SERVER_CFN", "POLL_SERVER_HEAT", "POLL_TEMP_URL", "ZAQAR_MESSAGE"),
		Description: "How an agent in the server gets its software configs.",
	},
	"user_data_update_policy": {
		Kind: schema.String, Default: "REPLACE", UpdateAllowed: true, Support: since("6.0.0"), Constraints: oneOf("REPLACE", "IGNORE"),
		Description: "Whether a change of user_data replaces the server or is ignored.",
	},
	"user_data":      {Kind: schema.String, Default: "", UpdateAllowed: true, Description: "Data for cloud-init at first boot, or the ID of a software config that holds it."},
	"reservation_id": {Kind: schema.String, NotImplemented: true, Description: "Reservation that the server belongs to. Nova makes reservations itself; it has no effect."},
	"config_drive":   {Kind: schema.Boolean, Description: "Whether the server gets its metadata and user data on a disk."},
	"diskConfig":     {Kind: schema.String, Constraints: oneOf("AUTO", "MANUAL"), Description: "Whether the file system is made as large as the disk (AUTO)."},
	"personality": {
		Kind: schema.Map, Default: nil, Description: "Files to put into the server: their texts by their paths.",
		Support: schema.Support{Status: "DEPRECATED", Version: "12.0.0", Message: "Use user_data; Nova has no file injection from version 2.57 of its API."},
	},
	"admin_pass": {Kind: schema.String, UpdateAllowed: true, Sensitive: true, Description: "Password of the server's administrator."},
	"tags": {
		Kind: schema.List, UpdateAllowed: true, Support: since("8.0.0"), Description: "Tags of the server.",
		Item: &schema.Property{Kind: schema.String, Constraints: []schema.Constraint{schema.Length{Max: 80}}, Description: "One tag."},
	},
	"deployment_swift_data": {
		Kind: schema.Map, UpdateAllowed: true, Support: since("9.0.0"), Description: "Where in Swift the metadata for software deployments goes.",
		Fields: schema.Properties{
			"container": {Kind: schema.String, UpdateAllowed: true, Constraints: []schema.Constraint{schema.Length{Min: 1}}, Description: "Name of the container."},
			"object":    {Kind: schema.String, UpdateAllowed: true, Constraints: []schema.Constraint{schema.Length{Min: 1}}, Description: "Name of the object."},
		},
	},
}

var serverNetworkProperties = schema.Properties{
	"uuid": {
		Kind: schema.String, ReplacedBy: "network", Constraints: custom("neutron.network"), Description: "ID of the network.",
		Support: schema.Support{
			Status: "HIDDEN", Version: "5.0.0", Message: "Use property network.",
			Previous: &schema.Support{Status: "DEPRECATED", Version: "2014.1"},
		},
	},
	"network":          {Kind: schema.String, Constraints: custom("neutron.network"), Description: "Name or ID of the network to make a port on."},
	"allocate_network": {Kind: schema.String, UpdateAllowed: true, Support: since("9.0.0"), Constraints: oneOf("none", "auto"), Description: "No interface at all (none), or whatever Nova chooses or makes (auto). It stands alone."},
	"fixed_ip":         {Kind: schema.String, Constraints: custom("ip_addr"), Description: "Address of the port that is made."},
	"port":             {Kind: schema.String, Constraints: custom("neutron.port"), Description: "Name or ID of a port to use."},
	"port_extra_properties": {
		Kind: schema.Map, UpdateAllowed: true, Support: since("6.0.0"), Fields: serverPortProperties, Description: "More about the port that is made.",
	},
	"subnet":      {Kind: schema.String, Support: since("5.0.0"), Constraints: custom("neutron.subnet"), Description: "Name or ID of the subnet that the port's address is from; without network it also names that."},
	"floating_ip": {Kind: schema.String, Support: since("6.0.0"), Description: "Address or ID of a floating IP to lead to the port."},
	"tag":         {Kind: schema.String, Support: since("9.0.0"), Description: "Tag of the interface, which the server sees in its metadata."},
}

var serverPortProperties = schema.Properties{
	"value_specs":    {Kind: schema.Map, Default: nil, Description: "More keys for Neutron, as they are."},
	"admin_state_up": {Kind: schema.Boolean, Default: true, Description: "Whether the port is administratively up."},
	"mac_address":    {Kind: schema.String, Constraints: custom("mac_addr"), Description: "MAC address of the port."},
	"allowed_address_pairs": {
		Kind: schema.List, Description: "Further addresses that may send through the port.",
		Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
			"mac_address": {Kind: schema.String, Constraints: custom("mac_addr"), Description: "MAC address to let through; without it the port's own."},
			"ip_address":  {Kind: schema.String, Required: true, Constraints: custom("ip_or_cidr"), Description: "IP address or network to let through."},
		}},
	},
	"binding:vnic_type": {
		Kind: schema.String, Default: "normal", Description: "How the port is made real.",
		Constraints: oneOf("normal", "direct", "macvtap", "direct-physical", "baremetal", "virtio-forwarder", "smart-nic"),
	},
	"port_security_enabled":   {Kind: schema.Boolean, Description: "Whether traffic of the port is filtered."},
	"qos_policy":              {Kind: schema.String, Constraints: custom("neutron.qos_policy"), Description: "Name or ID of the QoS policy of the port."},
	"propagate_uplink_status": {Kind: schema.Boolean, Description: "Whether the port shows the state of the physical link."},
	"no_fixed_ips":            {Kind: schema.Boolean, Default: false, Description: "Whether the port is to have no IP addresses at all."},
}

var serverAttributes = schema.Attributes{
	"name":              {Kind: schema.String, Description: "Name of the server."},
	"addresses":         {Kind: schema.Map, Live: true, Description: "All addresses of the server by network name and network ID, each with its port, network and subnets."},
	"networks":          {Kind: schema.Map, Live: true, Description: "The texts of all addresses by network name and network ID: {private: [192.0.2.3]}."},
	"first_address":     {Kind: schema.String, Live: true, Description: "One address of the server, of the network whose name comes last.", Support: schema.Support{Status: "DEPRECATED", Version: "2014.2", Message: "Use the attribute networks."}},
	"instance_name":     {Kind: schema.String, Description: "Name of the instance in the hypervisor, for administrators."},
	"accessIPv4":        {Kind: schema.String, Live: true, Description: "The IPv4 address to reach the server at, if somebody has set one."},
	"accessIPv6":        {Kind: schema.String, Live: true, Description: "The IPv6 address to reach the server at, if somebody has set one."},
	"console_urls":      {Kind: schema.Map, Live: true, Support: since("2015.1"), Description: "Addresses of the server's consoles by type: novnc, spice-html5, serial and so on."},
	"tags":              {Kind: schema.List, Live: true, Support: since("8.0.0"), Description: "Tags of the server."},
	"os_collect_config": {Kind: schema.Map, Live: true, Support: since("9.0.0"), Description: "Configuration of the agent in the server; empty while no software deployment uses it."},
}
