package simcloud

import (
	"bytes"
	"crypto/md5"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"io"
	"maps"
)

// keptData is how much of an image is kept for download; larger images keep
// size and checksums only.
const keptData = 1 << 20

// An upload is what is remembered of a stream of image data.
type upload struct {
	size        int64
	md5, sha512 string
	head        []byte
}

func readUpload(r io.Reader) (*upload, error) {
	short, long := md5.New(), sha512.New()
	var head bytes.Buffer
	n, err := io.Copy(io.MultiWriter(short, long, &limited{&head, keptData}), r)
	if err != nil {
		return nil, badRequest("The image data could not be read.")
	}
	return &upload{n, hex.EncodeToString(short.Sum(nil)), hex.EncodeToString(long.Sum(nil)), head.Bytes()}, nil
}

// limited takes everything and keeps the first left bytes.
type limited struct {
	to   *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.to.Write(p[:n])
	l.left -= n
	return len(p), nil
}

func uploadImage(c *call) (*reply, error) { return receiveImage(c, "active") }

func stageImage(c *call) (*reply, error) { return receiveImage(c, "uploading") }

// receiveImage reads the data before it takes the store, so that a slow upload
// holds nobody up.
func receiveImage(c *call, status string) (*reply, error) {
	data, err := readUpload(c.req.Body)
	if err != nil {
		return nil, err
	}
	err = c.cloud.store.write(c.req.Context(), func(t *tx) error {
		c.tx = t
		r, err := ownImage(c)
		if err != nil {
			return err
		}
		if s := r.str("status"); s != "queued" {
			return conflict("", "Image status transition from %s to saving is not allowed", s)
		}
		if r.str("disk_format") == "" || r.str("container_format") == "" {
			return badRequest("Properties disk_format, container_format must be set prior to saving data.")
		}
		c.update("image", r, object{
			"status": status, "size": int(data.size), "checksum": data.md5, "os_hash_algo": "sha512", "os_hash_value": data.sha512, "updated_at": c.now.Format(novaTime),
		})
		if data.size <= keptData {
			c.put("image_data", &record{id: r.id, project: r.project, object: object{"data": base64.StdEncoding.EncodeToString(data.head)}})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return noContent()
}

func downloadImage(c *call) (*reply, error) {
	r, err := findImage(c)
	if err != nil {
		return nil, err
	}
	if r.str("status") == "deactivated" && !c.by.admin {
		return nil, forbidden("The requested image has been deactivated. Image data download is forbidden.")
	}
	if r.str("status") != "active" {
		return noContent()
	}
	data := c.get("image_data", r.id)
	if data == nil {
		return nil, notFound("The simulated cloud keeps no data of image %s.", r.id)
	}
	raw, err := base64.StdEncoding.DecodeString(data.str("data"))
	if err != nil {
		return nil, err
	}
	rep, err := ok(raw)
	if err != nil {
		return nil, err
	}
	return rep.with("Content-Type", "application/octet-stream").with("Content-MD5", r.str("checksum")), nil
}

// importImage answers the methods glance-direct (after staging) and
// web-download, whose data is not fetched.
func importImage(c *call) (*reply, error) {
	r, err := ownImage(c)
	if err != nil {
		return nil, err
	}
	method, status := c.in.obj("method"), r.str("status")
	changes := object{"status": "active", "updated_at": c.now.Format(novaTime)}
	switch method.str("name") {
	case "glance-direct":
		if status != "uploading" {
			return nil, conflict("", "Image %s needs to be staged before 'glance-direct' method can be used", r.id)
		}
	case "web-download":
		if status != "queued" {
			return nil, conflict("", "Image %s needs to be in 'queued' state to use 'web-download' method", r.id)
		}
		if method.str("uri") == "" {
			return nil, badRequest("No URI provided for 'web-download'.")
		}
		if r.str("disk_format") == "" || r.str("container_format") == "" {
			return nil, badRequest("'disk_format' and 'container_format' need to be set before import")
		}
		changes["size"] = 0
	default:
		return nil, badRequest("Unknown import method name '%s'.", method.str("name"))
	}
	next := r.clone()
	maps.Copy(next.object, changes)
	c.put("image", next)
	return accepted(nil)
}

func deactivateImage(c *call) (*reply, error) { return activate(c, "active", "deactivated") }

func reactivateImage(c *call) (*reply, error) { return activate(c, "deactivated", "active") }

func activate(c *call, from, to string) (*reply, error) {
	r, err := findImage(c)
	if err != nil {
		return nil, err
	}
	if s := r.str("status"); s != from && s != to {
		return nil, forbidden("Not allowed to set the status of image %s from %s to %s.", r.id, s, to)
	}
	c.update("image", r, object{"status": to})
	return noContent()
}
