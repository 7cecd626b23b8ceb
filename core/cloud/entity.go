package cloud

// An entity is one noun that users name by id or by name.
type entity struct {
	word    string // in Heat's messages
	service string
	path    string // of the collection, below the service's endpoint
	key     string // of the list in the answer
	name    string // the attribute that is its name; "" is "name"
	// nameIsID: the name is the id, there is nothing else to look up.
	nameIsID bool
	// unfiltered: the list has no name filter, all of it is read.
	unfiltered bool
	// pattern: the name filter is a regular expression.
	pattern bool
}

// The entities that finders and constraints know.
var (
	network       = entity{word: "Network", service: "network", path: "networks", key: "networks"}
	subnet        = entity{word: "Subnet", service: "network", path: "subnets", key: "subnets"}
	port          = entity{word: "Port", service: "network", path: "ports", key: "ports"}
	router        = entity{word: "Router", service: "network", path: "routers", key: "routers"}
	securityGroup = entity{word: "Security Group", service: "network", path: "security-groups", key: "security_groups"}
	subnetPool    = entity{word: "Subnet Pool", service: "network", path: "subnetpools", key: "subnetpools"}
	addressScope  = entity{word: "Address Scope", service: "network", path: "address-scopes", key: "address_scopes"}
	qosPolicy     = entity{word: "QoS Policy", service: "network", path: "qos/policies", key: "policies"}
	segment       = entity{word: "Segment", service: "network", path: "segments", key: "segments"}
	floatingIP    = entity{word: "Floating IP", service: "network", path: "floatingips", key: "floatingips", name: "floating_ip_address"}
	flavor        = entity{word: "Flavor", service: "compute", path: "flavors", key: "flavors", unfiltered: true}
	server        = entity{word: "Server", service: "compute", path: "servers", key: "servers", pattern: true}
	keypair       = entity{word: "Key", service: "compute", path: "os-keypairs", key: "keypairs", nameIsID: true}
	serverGroup   = entity{word: "Server Group", service: "compute", path: "os-server-groups", key: "server_groups", unfiltered: true}
	image         = entity{word: "Image", service: "image", path: "images", key: "images"}
	volume        = entity{word: "Volume", service: "volumev3", path: "volumes", key: "volumes"}
	snapshot      = entity{word: "VolumeSnapshot", service: "volumev3", path: "snapshots", key: "snapshots"}
	backup        = entity{word: "Volume backup", service: "volumev3", path: "backups", key: "backups"}
	volumeType    = entity{word: "VolumeType", service: "volumev3", path: "types", key: "volume_types", unfiltered: true}
	qosSpecs      = entity{word: "QoSSpecs", service: "volumev3", path: "qos-specs", key: "qos_specs", unfiltered: true}
	project       = entity{word: "KeystoneProject", service: "identity", path: "projects", key: "projects"}
	user          = entity{word: "KeystoneUser", service: "identity", path: "users", key: "users"}
	group         = entity{word: "KeystoneGroup", service: "identity", path: "groups", key: "groups"}
	role          = entity{word: "KeystoneRole", service: "identity", path: "roles", key: "roles"}
	domain        = entity{word: "KeystoneDomain", service: "identity", path: "domains", key: "domains"}
	region        = entity{word: "KeystoneRegion", service: "identity", path: "regions", key: "regions", unfiltered: true}
	catalogEntry  = entity{word: "KeystoneService", service: "identity", path: "services", key: "services"}
)
