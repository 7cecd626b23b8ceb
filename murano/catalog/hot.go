package catalog

import (
	"errors"
	"io/fs"
	"path"

	"hearth/core/yaml"
)

// HOT is what a HOT package deploys (murano/packages/hot_package.py).
type HOT struct {
	Template   *yaml.Node
	Parameters []Parameter
	Outputs    []string
	// Files are those under Resources/HotFiles by their path from there, as the
	// template's get_file and nested types name them.
	Files map[string]string
	// Environments are the environment files under Resources/HotEnvironments by path.
	Environments map[string]string
}

// Parameter is a parameter of the template.
type Parameter struct {
	Name, Type string
	spec       *yaml.Map
}

const (
	hotFiles        = "Resources/HotFiles"
	hotEnvironments = "Resources/HotEnvironments"
	maxTemplate     = 4 << 20
	// defaultTemplateVersion is what a template gets that names none
	// (murano/engine/system/heat_stack.py).
	defaultTemplateVersion = "2013-05-23"
)

// HOT reads the template and its files. It returns Invalid when there is no template or
// it has no resources.
func (p *Package) HOT() (*HOT, error) {
	src, err := p.archive.Read("template.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, loadError("Unable to load class \"%s\" from package: File with class definition not found", p.FullName)
	}
	if err != nil {
		return nil, err
	}
	h := &HOT{}
	if h.Template, err = yaml.Parse(src, yaml.Options{MaxBytes: maxTemplate}); err != nil {
		return nil, formatError("template.yaml: %s", err)
	}
	if h.Template.Kind != yaml.Mapping || h.Template.Get("resources") == nil {
		return nil, formatError("Not a HOT template")
	}
	if err := h.readInterface(); err != nil {
		return nil, err
	}
	h.addVersion()
	if h.Files, err = p.archive.texts(hotFiles); err != nil {
		return nil, err
	}
	h.Environments, err = p.archive.texts(hotEnvironments)
	return h, err
}

func (h *HOT) readInterface() error {
	params := h.Template.Get("parameters")
	if !params.IsNull() && params.Kind != yaml.Mapping {
		return formatError("template.yaml: parameters is not a mapping")
	}
	if params != nil {
		for _, pair := range params.Pairs {
			spec, ok := pair.Value.Plain().(*yaml.Map)
			if !ok {
				return formatError("template.yaml: parameter %s is not a mapping", pair.Key)
			}
			h.Parameters = append(h.Parameters, Parameter{pair.Key, text(spec, "type", ""), spec})
		}
	}
	if outputs := h.Template.Get("outputs"); outputs != nil {
		for _, pair := range outputs.Pairs {
			h.Outputs = append(h.Outputs, pair.Key)
		}
	}
	return nil
}

// addVersion names the version of a template that does not.
func (h *HOT) addVersion() {
	const key = "heat_template_version"
	if h.Template.Get(key) != nil {
		return
	}
	t := *h.Template
	t.Pairs = append([]yaml.Pair{{Key: key, At: yaml.FromValue(key), Value: yaml.FromValue(defaultTemplateVersion)}}, t.Pairs...)
	h.Template = &t
}

func (a *Archive) texts(dir string) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range a.Under(dir) {
		data, err := a.Read(path.Join(dir, name))
		if err != nil {
			return nil, err
		}
		out[name] = string(data)
	}
	return out, nil
}
