// Package scenariotest plays scenarios: what users and fate do to a stack, in the engine's
// own words, one turn at a time, on a clock that moves only when it is told to.
//
// The engine is the real one, on a real store; only the outer edge is a Reality of objects
// in memory, made by resource types of this package (Test::Thing). No drainer runs: a
// worker takes a turn when the script says so, and may die in the middle of it. Nobody is
// ever called to a walk either: workers find their work as the sweep does, as if every
// wake had been lost.
//
// A scenario is a text archive: a comment on the situation, then files "-- name --": the
// templates, and the script. A line of a script is a word with what it needs:
//
//	create_stack NAME FILE [rollback] [timeout=MINUTES] [parameter=value…]
//	update_stack NAME FILE [the same]
//	delete_stack, cancel_update, cancel_without_rollback, suspend, resume, check NAME
//	rollback_stack NAME              back, also while it is being created
//	signal NAME RESOURCE [key=value…]
//	! WORD …                         the request is refused
//
//	noop N [WORKER]                  so many turns
//	run [WORKER]                     turns until every stack is at rest; the clock moves on
//	                                 when nothing is due
//	advance DURATION                 workers that live keep what they have in their hands
//	take WORKER [RESOURCE]           claims a step; with RESOURCE turns are taken until it is that one's
//	call WORKER                      does what was taken; the answer is not yet committed
//	commit WORKER                    commits it, be it in time or late
//	kill_worker WORKER               what it has in its hands is lost with it
//	stall WORKER                     it lives, but keeps no lease
//
//	fail VERB NAME                   the next call fails before anything is done
//	lose VERB NAME                   the next call is done, and its answer lost
//	slow VERB NAME N                 the next call is done after N asks, a second between two
//	hang VERB NAME                   it is never done
//	mend                             no fault is left
//
//	verify NAME STATE [FILE [parameter=value…]]
//	                                 the stack's state and, with FILE, that exactly what the
//	                                 template means is there
//	reason TEXT                      the status reason of the stack verified last
//	row NAME RESOURCE STATE          the state of a resource's current row
//	objects [ID…]                    exactly these exist
//	calls [VERB:ID…]                 exactly these calls were made since the last time
//	due N                            so many walks have something to do
//
// Objects are called after the resource and numbered in the order of their making: A#1.
package scenariotest
