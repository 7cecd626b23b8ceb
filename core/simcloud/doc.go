// Package simcloud is a small OpenStack that really answers over HTTP: Keystone
// v3, Nova v2.1, Neutron v2.0, Glance v2, Cinder v3 and Swift v1 on one address.
// It is what Hearth works against when no real cloud is configured, and what its
// tests work against. Clients cannot tell: gophercloud and the unchanged
// openstack command line client are its tests.
//
//	/v3                      Keystone (OS_AUTH_URL=http://…/v3)
//	/compute/v2.1            Nova, microversions 2.1 to 2.96
//	/network/v2.0            Neutron
//	/image/v2                Glance
//	/volume/v3/{project_id}  Cinder
//	/v1/AUTH_{project_id}    Swift, with temporary URLs and versions; /info
//	/faults                  fault rules, for administrators
//	/agents                  what agents in servers answer, for administrators
//
// # What is simulated
//
// Objects and their states, not machines: a server has ports, addresses,
// volumes and a console text, but runs nothing; an image keeps its size and
// checksums, and its data only up to 1 MiB; a backup copies no bytes. What is put
// into the object store is kept, up to 64 MiB an object. States
// that take time in a real cloud take Options.BuildTime here. They are worked
// out from the clock whenever an object is read, so nothing runs in the
// background and a restart changes nothing; but for the agents.
//
// # What is enforced
//
// Tokens, roles, trusts, application credentials and EC2 credentials with their
// signatures (versions 2 and 4); projects do not see each other's objects (404), and administration needs the role admin (403); quotas
// (wide by default, set with the quota APIs); IP allocation without duplicates
// inside allocation pools; what is in use cannot be deleted; floating IPs need a
// router on the way; servers and volumes accept only actions that fit their
// state. Every refusal has the status and body of the real service.
//
// # Durability
//
//	request ─► authenticate ─► transaction on memory ─► SQLite commit ─► answer
//	                               │ error: undone          │ error: undone
//
// Readers share a lock and never wait for the disk of another reader; a writer
// is alone until its commit. The commit comes before the answer, in a
// write-ahead log, so killing the process loses nothing that was acknowledged
// (a power failure may lose the last moments). Tokens are kept as SHA-256 and
// passwords as bcrypt of the least cost: enough that the file gives neither
// away at a glance, cheap enough for a simulator. The file is locked; a second
// process on it fails to start.
//
// # Faults
//
// Cloud.Inject, or POST /faults with the same fields, adds a rule: the Nth call
// of an operation is slow, refused before it has an effect, cut off after its
// effect with the answer lost, or accepted so that its object ends in ERROR.
//
//	curl -H "X-Auth-Token: $T" $URL/faults -d '{"fault": {
//	  "service": "compute", "operation": "server.create", "nth": 2, "status": 500, "message": "boom"}}'
//
// Operations are named kind.verb (server.create, port.delete,
// router.add_interface, volume.action, token.create), one name per route in the
// services' route tables; "METHOD /path/*" works too.
//
// # Agents
//
// A server that boots with Hearth's script for Murano's execution plans carries them out: in
// its place the cloud asks for them at Options.AgentURL and answers each step, of which it
// runs nothing, with exit code 0 and no output, or as the rules say that Cloud.Answer or POST
// /agents add.
//
//	curl -H "X-Auth-Token: $T" $URL/agents -d '{"agent": {
//	  "server": "db-*", "plan": "Deploy MySQL", "nth": 1, "exit_code": 1, "stderr": "no space left"}}'
package simcloud
