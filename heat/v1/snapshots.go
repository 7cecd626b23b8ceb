package v1

import (
	"context"

	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// snapshotBody documents the body of a new snapshot.
type snapshotBody struct {
	_ struct{} `additionalProperties:"true"`

	Name string `json:"name,omitempty" example:"before the upgrade"`
}

// SnapshotView is a snapshot as the API presents it (heat/engine/api.py format_snapshot).
type SnapshotView struct {
	ID           string                 `json:"id"`
	Name         *string                `json:"name"`
	Status       string                 `json:"status" enum:"IN_PROGRESS,COMPLETE,FAILED"`
	StatusReason *string                `json:"status_reason"`
	Data         shaped[map[string]any] `json:"data" nullable:"true" doc:"The stack as it was, as export tells it; null until the snapshot has ended."`
	CreationTime string                 `json:"creation_time" example:"2026-01-02T03:04:05Z"`
}

func viewOfSnapshot(s *engine.SnapshotView) SnapshotView {
	return SnapshotView{ID: s.ID, Name: textOrNull(s.Name), Status: string(s.Status), StatusReason: textOrNull(s.StatusReason),
		Data: shaped[map[string]any](s.Export), CreationTime: date(s.CreatedAt)}
}

// SnapshotRef is a snapshot in a path.
type SnapshotRef struct {
	StackRef
	SnapshotID string `path:"snapshot_id"`
}

type createdSnapshot struct{ Body SnapshotView }

func (a *API) createSnapshot(ctx context.Context, in *StackRef) (*createdSnapshot, error) {
	body, err := needObject(ctx)
	if err != nil {
		return nil, err
	}
	name := ""
	switch v := field(body, "name").(type) {
	case nil:
	case []any, *yaml.Map:
		return nil, badRequest("Invalid value for 'name': a text is expected.")
	default:
		name = literal(v)
	}
	s, err := a.engine.CreateSnapshot(ctx, httpapi.CallerFrom(ctx), in.ref(), name)
	if err != nil {
		return nil, err
	}
	return &createdSnapshot{viewOfSnapshot(s)}, nil
}

type snapshotList struct {
	Body struct {
		Snapshots []SnapshotView `json:"snapshots"`
	}
}

func (a *API) listSnapshots(ctx context.Context, in *StackRef) (*snapshotList, error) {
	list, err := a.engine.Snapshots(ctx, httpapi.CallerFrom(ctx), in.ref())
	if err != nil {
		return nil, err
	}
	out := &snapshotList{}
	out.Body.Snapshots = make([]SnapshotView, len(list))
	for i := range list {
		out.Body.Snapshots[i] = viewOfSnapshot(&list[i])
	}
	return out, nil
}

type shownSnapshot struct {
	Body struct {
		Snapshot SnapshotView `json:"snapshot"`
	}
}

func (a *API) showSnapshot(ctx context.Context, in *SnapshotRef) (*shownSnapshot, error) {
	s, err := a.engine.Snapshot(ctx, httpapi.CallerFrom(ctx), in.ref(), in.SnapshotID)
	if err != nil {
		return nil, err
	}
	out := &shownSnapshot{}
	out.Body.Snapshot = viewOfSnapshot(s)
	return out, nil
}

func (a *API) deleteSnapshot(ctx context.Context, in *SnapshotRef) (*struct{}, error) {
	return nil, a.engine.DeleteSnapshot(ctx, httpapi.CallerFrom(ctx), in.ref(), in.SnapshotID)
}

func (a *API) restoreSnapshot(ctx context.Context, in *SnapshotRef) (*accepted, error) {
	if err := a.engine.Restore(ctx, httpapi.CallerFrom(ctx), in.ref(), in.SnapshotID); err != nil {
		return nil, err
	}
	return acceptedAnswer(), nil
}
