package core

// Revocation is a trust that is to be deleted. The bun tags name the columns of table
// revocations.
type Revocation struct {
	ID          string `bun:"id,pk"`
	StackID     string `bun:"stack_id"`    // the root of the stack that the trust was given for
	Credentials []byte `bun:"credentials"` // sealed for that stack
	Attempts    int    `bun:"attempts"`    // that were begun
	DueAt       int64  `bun:"due_at"`      // milliseconds: when the next one is
}
