package agent

import (
	"encoding/base64"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"hearth/core/yaml"
	"hearth/murano/version"
)

// application is the type of scripts that agents run.
const application = "Application"

// plan is an execution plan of format 2 (murano-agent's validation.py,
// execution_plan_runner.py).
type plan struct {
	name       string
	parameters *yaml.Map
	program    []statement
	scripts    map[string]*script
}

type script struct {
	name                                     string
	kind                                     string // application, Chef or Puppet
	entry                                    *file  // of an application
	files                                    []*file
	captureStdout, captureStderr, verifyExit bool
}

// file is one that a script finds in its directory: a body, or an address that the agent
// fetches it from.
type file struct {
	name string
	body []byte
	url  string
}

// planError is a plan that agents refuse, with the number that they give.
type planError struct {
	code    int
	message string
}

func (e *planError) Error() string { return e.message }

func refuse(code int, format string, args ...any) error {
	return &planError{code, fmt.Sprintf(format, args...)}
}

// Numbers of refusals.
const (
	incorrect          = 2
	unsupportedVersion = 9
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parsePlan reads a plan. The error is a *planError or a *bodyError.
func parsePlan(document []byte) (*plan, error) {
	v, err := yaml.DecodeJSON(document)
	if err != nil {
		return nil, refuse(incorrect, "The execution plan is no JSON: %s", err)
	}
	source, ok := v.(*yaml.Map)
	if !ok {
		return nil, refuse(incorrect, "The execution plan is not a dictionary")
	}
	if err := checkFormat(source); err != nil {
		return nil, err
	}
	p := &plan{scripts: map[string]*script{}}
	if v, ok := source.Get("Name"); ok && v != nil {
		p.name = yaml.Str(v)
	}
	files, err := filesOf(source)
	if err != nil {
		return nil, err
	}
	scripts, err := dictionary(source, "Scripts")
	if err != nil {
		return nil, err
	}
	for name, v := range scripts.All() {
		if p.scripts[name], err = newScript(name, v, files); err != nil {
			return nil, err
		}
	}
	if p.parameters, err = dictionary(source, "Parameters"); err != nil {
		return nil, err
	}
	p.program, err = parseBody(text(source, "Body"))
	return p, err
}

func checkFormat(source *yaml.Map) error {
	v, given := source.Get("FormatVersion")
	format, err := version.Coerce(yaml.Str(v))
	switch {
	case !given || err == nil && format.Major == 1:
		return refuse(unsupportedVersion, "Plans of format 1 are for the agent in Windows servers, which there is none of")
	case err != nil || format.Major != 2 || format.Minor > 2:
		return refuse(unsupportedVersion, "Unsupported format version %s (I support versions <=2.2.0)", yaml.Str(v))
	}
	return nil
}

// dictionary is a map of a plan, empty when there is none.
func dictionary(source *yaml.Map, name string) (*yaml.Map, error) {
	v, _ := source.Get(name)
	if v == nil {
		return yaml.NewMap(0), nil
	}
	m, ok := v.(*yaml.Map)
	if !ok {
		return nil, refuse(incorrect, "%s is not a dictionary", name)
	}
	return m, nil
}

func text(m *yaml.Map, name string) string {
	v, _ := m.Get(name)
	s, _ := v.(string)
	return s
}

func filesOf(source *yaml.Map) (map[string]*file, error) {
	list, err := dictionary(source, "Files")
	if err != nil {
		return nil, err
	}
	out := map[string]*file{}
	for id, v := range list.All() {
		m, ok := v.(*yaml.Map)
		if !ok {
			return nil, refuse(incorrect, "Invalid file %s", id)
		}
		f := &file{name: text(m, "Name"), url: text(m, "URL")}
		if !filepath.IsLocal(f.name) || strings.ContainsRune(f.name, 0) {
			return nil, refuse(incorrect, "Incorrect Name entry in file %s", id)
		}
		switch body := text(m, "Body"); {
		case text(m, "Type") == "Downloadable":
			if f.url == "" {
				return nil, refuse(incorrect, "Incorrect URL entry in file %s", id)
			}
		case !m.Has("Body"):
			return nil, refuse(incorrect, "Invalid file %s", id)
		case text(m, "BodyType") == "Text":
			f.body = []byte(body)
		case text(m, "BodyType") == "Base64":
			if f.body, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), "")); err != nil {
				return nil, refuse(incorrect, "Incorrect Body entry in file %s", id)
			}
		default:
			return nil, refuse(incorrect, "Incorrect BodyType in file %s", id)
		}
		out[id] = f
	}
	return out, nil
}

func newScript(name string, v any, files map[string]*file) (*script, error) {
	m, ok := v.(*yaml.Map)
	if !ok || !identifier.MatchString(name) {
		return nil, refuse(incorrect, "Incorrect script %s", name)
	}
	s := &script{name: name, kind: text(m, "Type"), captureStdout: true, captureStderr: true, verifyExit: true}
	entry := text(m, "EntryPoint")
	switch s.kind {
	case application:
		if s.entry = files[entry]; s.entry == nil || s.entry.url != "" {
			return nil, refuse(incorrect, "Script %s misses entry point %s", name, entry)
		}
	case "Chef", "Puppet":
	default:
		return nil, refuse(incorrect, "Script has not a valid type %s", s.kind)
	}
	ids, _ := m.Get("Files")
	list, _ := ids.([]any)
	for _, id := range list {
		f := files[yaml.Str(id)]
		if f == nil {
			return nil, refuse(incorrect, "Script %s misses file %s", name, yaml.Str(id))
		}
		s.files = append(s.files, f)
	}
	options, err := dictionary(m, "Options")
	for option, into := range map[string]*bool{"captureStdout": &s.captureStdout, "captureStderr": &s.captureStderr, "verifyExitcode": &s.verifyExit} {
		if v, given := options.Get(option); given {
			*into = truth(v)
		}
	}
	return s, err
}
