package catalog

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Build makes the archive of a package from a directory that holds its manifest.yaml. The
// same files give the same bytes: they stand in the order of their paths, without times
// and owners. Hidden files and directories stay out. It returns Invalid when the result is
// not a package.
func Build(dir string) ([]byte, error) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if strings.HasPrefix(filepath.Base(name), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			return formatError("%q is not a regular file", name)
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	if _, err := Load(buf.Bytes(), DefaultLimits); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
