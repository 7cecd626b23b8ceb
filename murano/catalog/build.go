package catalog

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Build makes the archive of a package from a directory that holds its manifest.yaml. The
// same files give the same bytes: they stand in the order of their paths, without times
// and owners. Hidden files and directories stay out. A directory with a template.yaml alone
// gets the manifest that GenerateManifest writes. It returns Invalid when the result is not a
// package.
func Build(dir string) ([]byte, error) {
	data, problems, err := Pack(dir, Generated{})
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, problems[0].Err
	}
	if _, err := Load(data, DefaultLimits); err != nil {
		return nil, err
	}
	return data, nil
}

// Pack is Build that does not ask whether the result is a package: what cannot be in one is
// left out and told. The error is that of a directory that cannot be read.
func Pack(dir string, g Generated) (data []byte, problems []Problem, err error) {
	files, problems, err := readFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	if files, err = withManifest(files, dir, g); err != nil {
		return nil, nil, err
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		if err != nil {
			return nil, nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, nil, err
	}
	return buf.Bytes(), problems, nil
}

type packedFile struct {
	name string
	data []byte
}

// readFiles reads the files of a directory in the order of their paths, no more than may be in
// a package.
func readFiles(dir string) (files []packedFile, problems []Problem, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	left := DefaultLimits.Size
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case strings.HasPrefix(filepath.Base(name), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			problems = append(problems, Problem{name, formatError("%q is not a regular file", name)})
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		left -= info.Size()
		if len(files) >= DefaultLimits.Entries || left < 0 {
			problems = append(problems, Problem{"", formatError("the directory has more than %d files or %d bytes", DefaultLimits.Entries, DefaultLimits.Size)})
			return fs.SkipAll
		}
		data, err := fs.ReadFile(root.FS(), name)
		files = append(files, packedFile{name, data})
		return err
	})
	return files, problems, err
}
