// Package plan is the pure middle of the engine: from what a stack's template means
// (Target) and what there is (rows), it makes the walk that leads from one to the other
// (Plan: rows to add, nodes, edges). It reads no database and calls no cloud.
//
//	      requires                     requires
//	a ─────────────▶ b          cleanup a ◀───────── cleanup b
//	│                │               ▲                  ▲
//	└────────────────┼───────────────┘                  │
//	                 └──────────────────────────────────┘
//
// Every resource that may change has a Converge node, in the order of dependencies, and
// every row that may have to go has a Cleanup node: after the Converge node of its own
// name (a replacement comes before the removal of what it replaces), after the Cleanup
// of all rows that were made from it.
package plan
