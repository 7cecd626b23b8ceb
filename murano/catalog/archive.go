package catalog

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hearth/core"
)

// Limits bound what an archive may unpack to, whatever its headers say.
type Limits struct {
	Entries  int   // files and directories
	Size     int64 // bytes of all files together, unpacked
	FileSize int64 // bytes of one file, unpacked
	Ratio    int64 // unpacked to packed, of a file that unpacks to more than 1 MiB
}

// DefaultLimits leave room for any package of the size that may be uploaded (5 MiB).
var DefaultLimits = Limits{Entries: 4096, Size: 64 << 20, FileSize: 32 << 20, Ratio: 200}

// ratioFrom is the size below which no ratio is suspicious: a small file of blanks is no bomb.
const ratioFrom = 1 << 20

// Archive is the files of a package by their path from its root. Nothing is unpacked
// before it is asked for, and never to disk.
type Archive struct {
	files  map[string]*zip.File
	limits Limits
}

// OpenArchive reads the directory of a zip. It returns Invalid for what is no zip, is
// encrypted, has links or other special files, names outside of the archive, or one name
// twice, and for what exceeds the limits.
func OpenArchive(data []byte, limits Limits) (*Archive, error) {
	a, problems := Inspect(data, limits)
	if len(problems) > 0 {
		return nil, problems[0].Err
	}
	return a, nil
}

// Problem is what is wrong with an entry of an archive; Entry is "" for the archive itself.
type Problem struct {
	Entry string
	Err   *core.Error
}

// Inspect is OpenArchive that goes on after a problem: the archive, nil when it cannot be read
// at all, has the entries that are sound.
func Inspect(data []byte, limits Limits) (*Archive, []Problem) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, []Problem{{"", formatError("Uploaded file is not a zip archive")}}
	}
	if len(z.File) > limits.Entries {
		return nil, []Problem{{"", formatError("the archive has %d entries, at most %d are allowed", len(z.File), limits.Entries)}}
	}
	a := &Archive{files: make(map[string]*zip.File, len(z.File)), limits: limits}
	var problems []Problem
	left := limits.Size
	for _, f := range z.File {
		if err := a.add(f); err != nil {
			problems = append(problems, Problem{f.Name, err})
			continue
		}
		size := int64(min(f.UncompressedSize64, uint64(limits.Size)+1))
		if left -= size; left < 0 {
			return nil, append(problems, Problem{"", formatError("the archive unpacks to more than %d bytes", limits.Size)})
		}
	}
	return a, problems
}

func (a *Archive) add(f *zip.File) *core.Error {
	const encrypted = 0x1
	name := f.Name
	if f.FileInfo().IsDir() {
		name = strings.TrimSuffix(name, "/")
	}
	name = path.Clean(name)
	switch mode := f.Mode(); {
	case name == "" || !filepath.IsLocal(name) || strings.ContainsAny(f.Name, "\\\x00"):
		return formatError("the archive has an entry outside of it: %q", f.Name)
	case !mode.IsRegular() && !mode.IsDir():
		return formatError("the archive has an entry that is neither file nor directory: %q", f.Name)
	case mode.IsDir():
		return nil
	case f.Flags&encrypted != 0:
		return formatError("the archive is encrypted")
	case f.UncompressedSize64 > uint64(a.limits.FileSize):
		return formatError("%q unpacks to more than %d bytes", f.Name, a.limits.FileSize)
	case f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/uint64(a.limits.Ratio) > f.CompressedSize64:
		return formatError("%q unpacks to more than %d times its size", f.Name, a.limits.Ratio)
	case a.files[name] != nil:
		return formatError("the archive has two entries named %q", f.Name)
	}
	a.files[name] = f
	return nil
}

// Has reports whether there is a file of that path.
func (a *Archive) Has(name string) bool { return a.files[path.Clean(name)] != nil }

// Read unpacks a file. It returns an error that is fs.ErrNotExist for one that is not
// there, and Invalid for one whose content is damaged or larger than its header says.
func (a *Archive) Read(name string) ([]byte, error) {
	f := a.files[path.Clean(name)]
	if f == nil {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(name)
	}
	defer r.Close()
	// The reader stops with an error at the size of the header, which add has checked.
	data, err := io.ReadAll(io.LimitReader(r, a.limits.FileSize+1))
	if err != nil || int64(len(data)) > a.limits.FileSize {
		return nil, damaged(name)
	}
	return data, nil
}

func damaged(name string) *core.Error { return formatError("%q is damaged", name) }

// Names are the paths of all files, in order.
func (a *Archive) Names() []string { return slices.Sorted(maps.Keys(a.files)) }

// Under gives the paths of the files of a directory and below it, relative to it, in order.
func (a *Archive) Under(dir string) []string {
	var names []string
	prefix := path.Clean(dir) + "/"
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		if rel, ok := strings.CutPrefix(name, prefix); ok {
			names = append(names, rel)
		}
	}
	return names
}
