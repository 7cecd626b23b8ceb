package core

import "strings"

// Action is what is being done to a stack or a resource, in Heat's words.
type Action string

// The actions of stacks; Init is a resource that has no object yet, Signal occurs
// in events alone.
const (
	Init     Action = "INIT"
	Create   Action = "CREATE"
	Update   Action = "UPDATE"
	Delete   Action = "DELETE"
	Rollback Action = "ROLLBACK"
	Suspend  Action = "SUSPEND"
	Resume   Action = "RESUME"
	Adopt    Action = "ADOPT"
	Snapshot Action = "SNAPSHOT"
	Check    Action = "CHECK"
	Restore  Action = "RESTORE"
	Signal   Action = "SIGNAL"
)

// Status is how far an action has come.
type Status string

// The statuses.
const (
	InProgress Status = "IN_PROGRESS"
	Complete   Status = "COMPLETE"
	Failed     Status = "FAILED"
)

// State joins an action and a status as the APIs show them: CREATE_COMPLETE.
func State(a Action, s Status) string { return string(a) + "_" + string(s) }

// ParseState splits CREATE_COMPLETE; ok is false when it is not of that form.
func ParseState(s string) (a Action, st Status, ok bool) {
	for _, st := range []Status{InProgress, Complete, Failed} {
		if head, found := strings.CutSuffix(s, "_"+string(st)); found {
			return Action(head), st, true
		}
	}
	return "", "", false
}
