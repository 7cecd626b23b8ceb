package catalog

import (
	"bytes"
	"errors"
	"io/fs"

	"hearth/core"
)

const maxImage = 500 << 10

// image reads a picture of the package: the file that the manifest names, else the one of
// the usual name if it is there.
func (a *Archive) image(named, usual, what string) ([]byte, error) {
	name := named
	if name == "" {
		if !a.Has(usual) {
			return nil, nil
		}
		name = usual
	}
	data, err := a.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, loadError("Unable to load %s: there is no file %s", what, name)
	}
	if err != nil {
		return nil, err
	}
	if !isImage(data) {
		return nil, badImage(what, "Unsupported Format. Only png, jpeg, gif allowed")
	}
	if len(data) > maxImage {
		return nil, loadError("Unable to load %s: %s: Uploaded image size %d is too large. Max allowed size is %d", what, what, len(data), maxImage)
	}
	return data, nil
}

// CheckImage reports what is wrong with a picture of the package: that of a name, or, when
// named is "", the one of the usual name, which may be absent.
func (a *Archive) CheckImage(named, usual, what string) error {
	_, err := a.image(named, usual, what)
	return err
}

func badImage(what, why string) *core.Error {
	return loadError("Unable to load %s: %s: %s", what, what, why)
}

func isImage(b []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a"} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return true
		}
	}
	return false
}
