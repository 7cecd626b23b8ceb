package engine

import (
	"context"
	"maps"

	"hearth/core"
)

// WithContainer adds to files what else a container of the caller's object store has, of at
// most limit bytes (heat/engine/template_files.py get_files_from_container). The errors are
// those of cloud.Client.ContainerFiles, and what a caller without a cloud gets.
func (e *Engine) WithContainer(ctx context.Context, caller *core.Caller, container string, files map[string]string, limit int64) (map[string]string, error) {
	if e.Cloud == nil {
		return nil, core.NotSupported("files_container")
	}
	client, err := e.Cloud.Client(ctx, credentials(caller))
	if err != nil {
		return nil, err
	}
	all, err := client.ContainerFiles(ctx, container, files, limit)
	if err != nil {
		return nil, err
	}
	maps.Copy(all, files)
	return all, nil
}
