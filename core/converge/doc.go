// Package converge makes plans true. A walk is a traversal of one stack's plan: its nodes
// and edges are rows, so any process may take any node, and a process that dies loses
// nothing but its lease.
//
//	          pending = 0                claimed                 finished
//	blocked ──────────────▶ ready ─────────────────▶ running ──────────────▶ done
//	                          ▲    (owner, attempt,     │
//	                          │     lease)              │ the type needs time: due_at
//	                          └─────────────────────────┘
//
// A drainer is a loop over one walk. Each round is one transaction that commits what has
// finished (fenced by traversal, owner and attempt), readies what waited for it, writes
// the events and claims what is ready; what was claimed runs in goroutines meanwhile.
// Several drainers, in one process or many, may share a walk.
//
// What fails is not begun anew: the walk lets go of what waits, the stack becomes FAILED,
// and where the user wants it another walk leads back (ROLLBACK). A newer request begins
// another traversal at any time; a worker of the old one finds itself fenced, and hands
// what it has made to the rows, where the newer walk finds it.
//
// Nobody sleeps: a drainer without work ends, and is called again by the due time of a
// node, by a wake (a signal, a child stack that ended), by a job, or by the sweep, which
// every second looks for work that nobody does.
package converge
