package native

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// resourcesName is the class of the files that packages bring.
const resourcesName = "io.murano.system.Resources"

var ownerOfResource = yaql.Opt("owner", yaql.String.Or(yaql.Host("type", func(v any) bool { _, ok := v.(muranopl.TypeRef); return ok })), nil)

// resourcesClass is io.murano.system.Resources (murano/engine/system/resource_manager.py): the
// files of the package whose code makes the object, or calls the method of the class, unless a
// type of another package is given.
var resourcesClass = &muranopl.Native{Name: resourcesName,
	New: &yaql.Function{Name: "__init__", Body: func(c *yaql.Call) (any, error) { return packageOf(muranopl.FrameOf(c).CallerClass()) }},
	Methods: []muranopl.NativeMethod{
		resourceMethod("string", []yaql.Param{yaql.Opt("binary", yaql.Boolean, false)}, func(c *yaql.Call, r *resources) (any, error) {
			if c.Bool(2) {
				content, err := r.read(c.String(0))
				return string(content), err
			}
			return r.text(c.String(0))
		}),
		resourceMethod("json", nil, func(c *yaql.Call, r *resources) (any, error) {
			text, err := r.text(c.String(0))
			if err != nil {
				return nil, err
			}
			v, err := yaml.DecodeJSON([]byte(text))
			if err != nil {
				return nil, failure("json.decoder.JSONDecodeError", "%s: %s", c.String(0), err)
			}
			return yaql.Input(v), nil
		}),
		resourceMethod("yaml", nil, func(c *yaql.Call, r *resources) (any, error) {
			text, err := r.text(c.String(0))
			if err != nil {
				return nil, err
			}
			node, err := yaml.ParseYAML([]byte(text), yaml.Options{})
			if err != nil {
				return nil, err
			}
			return yaql.Input(node.Plain()), nil
		}),
	},
}

func resourceMethod(name string, more []yaql.Param, do func(*yaql.Call, *resources) (any, error)) muranopl.NativeMethod {
	params := append([]yaql.Param{yaql.P("name", yaql.String), ownerOfResource}, more...)
	return muranopl.NativeMethod{Usage: "Static", Function: &yaql.Function{Name: name, Params: params, Body: func(c *yaql.Call) (any, error) {
		r, err := resourcesOfCall(c)
		if err != nil {
			return nil, err
		}
		return do(c, r)
	}}}
}

// resourcesOfCall finds the package that a call means.
func resourcesOfCall(c *yaql.Call) (*resources, error) {
	caller := muranopl.FrameOf(c).CallerClass()
	switch owner := c.Args[1].(type) {
	case muranopl.TypeRef:
		return packageOf(owner.Class)
	case string:
		if caller == nil {
			break
		}
		class, err := caller.Resolve(owner)
		if err != nil {
			return nil, err
		}
		return packageOf(class)
	}
	if o, ok := muranopl.Receiver(c).(*muranopl.Object); ok {
		if r, ok := o.NativeOf(resourcesName).(*resources); ok {
			return r, nil
		}
	}
	return packageOf(caller)
}

// resources are the files of a package.
type resources struct{ pkg *muranopl.Package }

func packageOf(class *muranopl.Class) (*resources, error) {
	if class == nil {
		return nil, failure("ValueError", "Resources are those of a package: there is no class that asks for them")
	}
	return &resources{class.Package()}, nil
}

// read gives the content of a file. It returns FileNotFoundError, and ValueError for a path
// that leads out of the package.
func (r *resources) read(name string) ([]byte, error) {
	clean := path.Clean(name)
	if !fs.ValidPath(clean) || clean == "." || strings.Contains(clean, `\`) {
		return nil, failure("ValueError", "path %s is not allowed", name)
	}
	if r.pkg.Resource == nil {
		return nil, r.notFound(name)
	}
	content, err := r.pkg.Resource(clean)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, r.notFound(name)
	}
	return content, err
}

func (r *resources) notFound(name string) error {
	return failure("FileNotFoundError", "[Errno 2] No such file or directory: %s", yaml.Repr(r.pkg.Name+"/Resources/"+name))
}

// text is read for texts, with the ends of lines that Python makes of all.
func (r *resources) text(name string) (string, error) {
	content, err := r.read(name)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(content) {
		return "", failure("UnicodeDecodeError", "%s is not a text in UTF-8: read it as binary", name)
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(content)), nil
}

// base64 is read for what a plan holds of a file that is no text.
func (r *resources) base64(name string) (string, error) {
	content, err := r.read(name)
	return base64.StdEncoding.EncodeToString(content), err
}
