// Package agent reaches the agents in servers without a broker. Programs offer execution
// plans (format 2 of murano-agent); the server of the queue asks for them over HTTP and posts
// what came of them. In the server it takes a shell and curl: see bootstrap.sh and agent.sh.
//
//	program ── Offer ──► agent_plans ◄── GET next ─────────── agent.sh in the server
//	   ▲                     │  body.go runs the plan's Body     │ runs a step,
//	   └── Result ◄── answer ┴◄── POST plans/{plan}/steps/{n} ◄──┘ a shell script
//
// The Body of a plan is run here, from its beginning after each step: what its scripts came
// to so far is in the plan's row, and the first call beyond that is the next step. A process
// that dies loses nothing: the server asks again, and a step whose outcome is in is refused.
//
// A queue is a row, and its token is made of the row's id. Revoking deletes the row; so does
// the deletion of the environment. A server with the same name that is made later has another
// row and another token.
package agent
