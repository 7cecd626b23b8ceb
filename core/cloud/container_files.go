package cloud

import (
	"context"
	"errors"
	"io"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/containers"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"

	"hearth/core"
)

// ContainerFiles reads the objects of a container of Swift, by name, but for those whose
// names skip has (heat/engine/clients/os/swift.py get_files_from_container). It returns
// DownloadLimitExceeded for a container of more than limit bytes, NotFound when the store
// does not give them.
func (c *Client) ContainerFiles(ctx context.Context, container string, skip map[string]string, limit int64) (map[string]string, error) {
	files, err := c.containerFiles(ctx, container, skip, limit)
	var told *core.Error
	if err == nil || errors.As(err, &told) && told.Type == "DownloadLimitExceeded" {
		return files, err
	}
	return nil, core.Errorf(core.NotFound, "NotFound", "Could not fetch files from container %s, reason: %v.", container, Describe(err))
}

func (c *Client) containerFiles(ctx context.Context, container string, skip map[string]string, limit int64) (map[string]string, error) {
	sc, err := c.ObjectStore()
	if err != nil {
		return nil, err
	}
	header, err := containers.Get(ctx, sc, container, nil).Extract()
	if err != nil {
		return nil, err
	}
	if header.BytesUsed > limit {
		return nil, downloadLimit(header.BytesUsed, limit)
	}
	pages, err := objects.List(sc, container, nil).AllPages(ctx)
	if err != nil {
		return nil, err
	}
	names, err := objects.ExtractNames(pages)
	if err != nil {
		return nil, err
	}
	files, size := map[string]string{}, int64(0)
	for _, name := range names {
		if _, has := skip[name]; has {
			continue
		}
		content, err := download(ctx, sc, container, name, limit-size)
		if err != nil {
			return nil, err
		}
		if size += int64(len(content)); size > limit { // more than the container has told
			return nil, downloadLimit(size, limit)
		}
		files[name] = content
	}
	return files, nil
}

// download reads an object; of a larger one than limit, a byte more than that.
func download(ctx context.Context, sc *gophercloud.ServiceClient, container, name string, limit int64) (string, error) {
	got := objects.Download(ctx, sc, container, name, nil)
	if got.Err != nil {
		return "", got.Err
	}
	defer got.Body.Close()
	content, err := io.ReadAll(io.LimitReader(got.Body, limit+1))
	return string(content), err
}

func downloadLimit(size, limit int64) error {
	return core.Errorf(core.Invalid, "DownloadLimitExceeded",
		"Total size of files to download (%d bytes) exceeds maximum allowed (%d bytes).", size, limit)
}
