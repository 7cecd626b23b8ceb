package api

import (
	"context"

	"hearth/murano"
)

type sessionBody struct {
	ID            string              `json:"id"`
	EnvironmentID string              `json:"environment_id"`
	UserID        string              `json:"user_id"`
	State         murano.SessionState `json:"state" enum:"opened,deploying,deployed,deploy failure,deleting,delete failure"`
	Version       int64               `json:"version" doc:"That of the environment when the session was opened."`
	Created       string              `json:"created"`
	Updated       string              `json:"updated"`
}

type sessionRef struct {
	EnvironmentID string `path:"environment_id" doc:"The environment's id."`
	SessionID     string `path:"session_id" doc:"The session's id."`
}

func describeSession(s *murano.Session) sessionBody {
	return sessionBody{s.ID, s.EnvironmentID, s.UserID, s.State, s.Version, stamp(s.CreatedAt), stamp(s.UpdatedAt)}
}

func (a *API) openSession(ctx context.Context, r *request, in *environmentRef) (any, error) {
	if r.hasBody {
		return nil, malformed()
	}
	s, err := a.environments.Open(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	return describeSession(s), nil
}

func (a *API) showSession(ctx context.Context, r *request, in *sessionRef) (any, error) {
	s, err := a.environments.ShowSession(ctx, r.caller, in.EnvironmentID, in.SessionID)
	if err != nil {
		return nil, err
	}
	return describeSession(s), nil
}

func (a *API) deleteSession(ctx context.Context, r *request, in *sessionRef) (any, error) {
	return nil, a.environments.DeleteSession(ctx, r.caller, in.EnvironmentID, in.SessionID)
}

func (a *API) deploySession(ctx context.Context, r *request, in *sessionRef) (any, error) {
	if r.hasBody {
		return nil, malformed()
	}
	return nil, a.environments.Deploy(ctx, r.caller, in.EnvironmentID, in.SessionID)
}
