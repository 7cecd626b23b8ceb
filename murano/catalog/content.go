package catalog

import (
	"path"
	"strings"

	"hearth/core/yaml"
)

// Manifest is the manifest as it stands in the archive.
func (p *Package) Manifest() (*yaml.Map, error) {
	src, err := p.archive.Read("manifest.yaml")
	if err != nil {
		return nil, err
	}
	node, err := yaml.Parse(src, yaml.Options{MaxBytes: 1 << 20, MaxNodes: maxManifestNodes, MaxDepth: 50})
	if err != nil {
		return nil, loadError("Unable to load due to '%s'", err)
	}
	top, ok := node.Plain().(*yaml.Map)
	if !ok {
		return nil, formatError("the manifest is not a mapping")
	}
	return top, nil
}

// File reads a file below a directory of the archive ("" is its root); no name leads out of the directory. It
// returns an error that is fs.ErrNotExist for one that is not there.
func (p *Package) File(dir, name string) ([]byte, error) {
	return p.archive.Read(strings.TrimPrefix(path.Join(dir, path.Join("/", name)), "/"))
}
