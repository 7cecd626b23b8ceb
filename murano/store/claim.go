package store

import (
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// Claim gives the value that an object of an environment has claimed in a scope, if it is one
// of the candidates or is to be kept, or else has it claim the first of the candidates that no
// other has. When others have all, the first changes hands: nobody may use it any more. It
// gives "" when there are no candidates. The caller holds a lock of the scope.
func Claim(ctx context.Context, db bun.IDB, environmentID, scope, owner string, candidates []string, keep bool) (string, error) {
	var claims []struct{ Value, EnvironmentID, Owner string }
	if err := db.NewRaw("SELECT value, environment_id, owner FROM claims WHERE scope = ?", scope).Scan(ctx, &claims); err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, c := range claims {
		if c.EnvironmentID == environmentID && c.Owner == owner {
			if keep || slices.Contains(candidates, c.Value) {
				return c.Value, nil
			}
			continue
		}
		taken[c.Value] = true
	}
	if len(candidates) == 0 {
		return "", nil
	}
	value := candidates[0]
	if i := slices.IndexFunc(candidates, func(v string) bool { return !taken[v] }); i >= 0 {
		value = candidates[i]
	}
	if _, err := db.NewRaw("DELETE FROM claims WHERE scope = ? AND (value = ? OR environment_id = ? AND owner = ?)", scope, value, environmentID, owner).Exec(ctx); err != nil {
		return "", err
	}
	_, err := db.NewRaw("INSERT INTO claims (scope, value, environment_id, owner) VALUES (?, ?, ?, ?)", scope, value, environmentID, owner).Exec(ctx)
	return value, err
}
