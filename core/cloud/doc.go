// Package cloud acts on an OpenStack cloud: it holds one HTTP transport for all, one
// authenticated Client per set of credentials, the finders that turn names into ids,
// the custom constraints, and the answer to whom a token belongs.
//
//	Cloud ── Authenticate(token) ──> core.Caller        (cached verdicts)
//	  └───── Client(credentials) ──> Client             (cached sessions)
//	                                   ├─ Compute() Network() …  gophercloud clients
//	                                   ├─ FindNetwork(…) …       name or id -> id
//	                                   └─ CheckConstraint(…)     "nova.flavor", "net_cidr"
//
// Errors of gophercloud pass through unchanged; Describe makes them a core.Error.
package cloud
