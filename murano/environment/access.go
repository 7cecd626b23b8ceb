package environment

import (
	"context"
	"fmt"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// checkEnvironment gives an environment that the caller may touch: one of its project's, or
// any for an administrator. Returns NotFound and Forbidden.
func checkEnvironment(ctx context.Context, db corestore.DB, caller *core.Caller, id string) (*murano.Environment, error) {
	e, err := store.FindEnvironment(ctx, db, id)
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return nil, murano.Explain(core.NotFound, "Environment with id %s not found", id)
	case e.TenantID != caller.ProjectID && !caller.IsAdmin():
		return nil, murano.Explain(core.Forbidden, "User is not authorized to access these tenant resources")
	}
	return e, nil
}

// checkSession gives a session of the environment, and the environment. Returns NotFound,
// Invalid for a session of another environment, and what checkEnvironment does.
func checkSession(ctx context.Context, db corestore.DB, caller *core.Caller, environmentID, sessionID string) (*murano.Environment, *murano.Session, error) {
	s, err := store.FindSession(ctx, db, sessionID)
	switch {
	case err != nil:
		return nil, nil, err
	case s == nil:
		return nil, nil, sessionNotFound(sessionID)
	case s.EnvironmentID != environmentID:
		return nil, nil, sessionNotTied(sessionID, environmentID)
	}
	e, err := checkEnvironment(ctx, db, caller, environmentID)
	return e, s, err
}

// verifySession gives the session of a request that changes services, and its environment.
// Beyond upstream it wants the session to be of that environment: otherwise the id of a
// session would open any project's model. Returns Invalid without a session, NotFound, and
// Forbidden for one that is stale or being deployed.
func verifySession(ctx context.Context, db corestore.DB, caller *core.Caller, environmentID, sessionID string) (*murano.Environment, *murano.Session, error) {
	if sessionID == "" {
		return nil, nil, murano.Explain(core.Invalid, "X-Configuration-Session header which indicates to the session is missed")
	}
	s, err := store.FindSession(ctx, db, sessionID)
	if err != nil {
		return nil, nil, err
	}
	if s == nil {
		return nil, nil, sessionNotFound(sessionID)
	}
	e, err := checkEnvironment(ctx, db, caller, environmentID)
	if err != nil {
		return nil, nil, err
	}
	if s.EnvironmentID != e.ID {
		return nil, nil, sessionNotTied(sessionID, environmentID)
	}
	valid, err := sessionValid(ctx, db, e, s)
	switch {
	case err != nil:
		return nil, nil, err
	case !valid:
		return nil, nil, sessionInvalid(sessionID)
	case s.State == murano.SessionDeploying:
		return nil, nil, murano.Explain(core.Forbidden, "Session <SessionId %s> is already in deployment state", sessionID)
	}
	return e, s, nil
}

// sessionValid asks whether the session may still be deployed or read.
func sessionValid(ctx context.Context, db corestore.DB, e *murano.Environment, s *murano.Session) (bool, error) {
	all, err := store.SessionsOf(ctx, db, e.ID)
	return s.Valid(e, atWork(all, murano.SessionDeploying) != nil), err
}

// atWork gives the first session in the state.
func atWork(sessions []murano.Session, state murano.SessionState) *murano.Session {
	for i := range sessions {
		if sessions[i].State == state {
			return &sessions[i]
		}
	}
	return nil
}

func sessionNotFound(id string) error {
	return murano.Explain(core.NotFound, "Session <SessionId %s> is not found", id)
}

func sessionNotTied(id, environmentID string) error {
	return murano.Explain(core.Invalid, "Session <SessionId %s> is not tied with Environment <EnvId %s>", id, environmentID)
}

func sessionInvalid(id string) *core.Error {
	return murano.Explain(core.Forbidden, "Session <SessionId %s> is invalid: environment has been updated or updating right now with other session", id)
}

// overtaken refuses a session and says which other one is being deployed, or was, by whom.
func overtaken(ctx context.Context, db corestore.DB, e *murano.Environment, s *murano.Session) error {
	all, err := store.SessionsOf(ctx, db, e.ID)
	if err != nil {
		return err
	}
	refusal := sessionInvalid(s.ID)
	say := func(other *murano.Session, what string) error {
		refusal.Message += fmt.Sprintf(": session <SessionId %s> of user <UserId %s> %s %s", other.ID, other.UserID, what,
			other.UpdatedAt.UTC().Format("2006-01-02T15:04:05"))
		return refusal
	}
	if other := atWork(all, murano.SessionDeploying); other != nil {
		return say(other, "is being deployed since")
	}
	for i := range all { // the newest first
		if all[i].State != murano.SessionOpened && all[i].ID != s.ID {
			return say(&all[i], "was deployed at")
		}
	}
	return refusal
}
