package environment

import (
	"context"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/store"
)

// Open opens a session on an environment for the caller. Returns what checkEnvironment
// does, and Forbidden while the environment is being deployed or deleted.
func (s *Service) Open(ctx context.Context, caller *core.Caller, environmentID string) (*murano.Session, error) {
	var opened *murano.Session
	err := s.locked(ctx, environmentID, func(ctx context.Context, tx *corestore.Tx) (err error) {
		opened, err = openSession(ctx, tx, caller, environmentID)
		return err
	})
	return opened, err
}

func openSession(ctx context.Context, tx *corestore.Tx, caller *core.Caller, environmentID string) (*murano.Session, error) {
	e, err := checkEnvironment(ctx, tx, caller, environmentID)
	if err != nil {
		return nil, err
	}
	sessions, err := store.SessionsOf(ctx, tx, e.ID)
	if err != nil {
		return nil, err
	}
	switch murano.StatusOf(sessions) {
	case murano.EnvironmentDeploying, murano.EnvironmentDeleting:
		return nil, murano.Explain(core.Forbidden,
			"Could not open session for environment <EnvId: %s>, environment has deploying or deleting status.", e.ID)
	}
	now := store.Now()
	opened := &murano.Session{
		ID: murano.NewID(), EnvironmentID: e.ID, UserID: caller.UserID, State: murano.SessionOpened,
		Version: e.Version, Model: e.Model, CreatedAt: now, UpdatedAt: now,
	}
	return opened, store.CreateSession(ctx, tx, opened)
}

// ShowSession gives a session of the caller's own. Returns what checkSession does,
// Unauthorized for another user's, and Forbidden for one that is stale.
func (s *Service) ShowSession(ctx context.Context, caller *core.Caller, environmentID, sessionID string) (*murano.Session, error) {
	db := s.store.Reader()
	e, session, err := checkSession(ctx, db, caller, environmentID, sessionID)
	if err != nil {
		return nil, err
	}
	if err := checkOwner(caller, session); err != nil {
		return nil, err
	}
	valid, err := sessionValid(ctx, db, e, session)
	if err != nil {
		return nil, err
	}
	if !valid {
		return nil, sessionInvalid(sessionID)
	}
	return session, nil
}

// DeleteSession drops a session of the caller's own with its changes. Returns what
// checkSession does, Unauthorized for another user's, and Forbidden while it is deployed.
func (s *Service) DeleteSession(ctx context.Context, caller *core.Caller, environmentID, sessionID string) error {
	return s.locked(ctx, environmentID, func(ctx context.Context, tx *corestore.Tx) error {
		_, session, err := checkSession(ctx, tx, caller, environmentID, sessionID)
		if err != nil {
			return err
		}
		if err := checkOwner(caller, session); err != nil {
			return err
		}
		switch session.State {
		case murano.SessionDeploying, murano.SessionDeleting:
			return murano.Explain(core.Forbidden, "Session <SessionId: %s> is in %s state and could not be deleted", sessionID, session.State)
		}
		return store.DeleteSession(ctx, tx, sessionID)
	})
}

func checkOwner(caller *core.Caller, session *murano.Session) error {
	if session.UserID == caller.UserID {
		return nil
	}
	return murano.Explain(core.Unauthorized, "User <UserId %s> is not authorized to access session <SessionId %s>.", caller.UserID, session.ID)
}

// locked runs fn in a transaction in which nothing else changes the environment.
func (s *Service) locked(ctx context.Context, environmentID string, fn func(context.Context, *corestore.Tx) error) error {
	return s.store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := store.Lock(ctx, tx, lockName(environmentID)); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}
