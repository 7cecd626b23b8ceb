package native

import (
	"net/url"
	"path"
	"strings"

	"hearth/core/yaml"
)

// scriptsFolder is where packages keep the files of plans.
const scriptsFolder = "scripts"

// planBuilder makes execution plans of the templates that packages bring: it puts the files
// in, and an id and a stamp (murano/engine/system/agent.py build_execution_plan).
type planBuilder struct {
	files *resources
	newID func() string
	stamp func() int64

	plan   *yaml.Map
	placed *yaml.Map      // the plan's Files
	ids    map[string]any // of files, by name
}

func (b *planBuilder) build(template any) (*yaml.Map, error) {
	t, ok := template.(*yaml.Map)
	if !ok {
		return nil, failure("ValueError", "Incorrect execution plan ")
	}
	b.plan = t.Clone()
	format, _ := t.Get("FormatVersion")
	if text, _ := format.(string); text == "" || strings.HasPrefix(text, "1.") {
		return b.plan, b.version1()
	}
	return b.plan, b.version2()
}

// version1 is the format of agents in Windows: scripts in base64.
func (b *planBuilder) version1() error {
	v, _ := b.plan.Get("Scripts")
	names, _ := v.([]any)
	scripts := make([]any, len(names))
	for i, name := range names {
		text, err := b.files.base64(path.Join(scriptsFolder, yaml.Str(name)))
		if err != nil {
			return err
		}
		scripts[i] = text
	}
	b.plan.Set("Scripts", scripts)
	b.plan.Set("Stamp", b.stamp())
	return nil
}

func (b *planBuilder) version2() error {
	b.plan.Set("ID", b.newID())
	b.plan.Set("Stamp", b.stamp())
	if !b.plan.Has("Action") {
		b.plan.Set("Action", "Execute")
	}
	b.placed, b.ids = yaml.NewMap(0), map[string]any{}
	files, _ := b.plan.Get("Files")
	if given, ok := files.(*yaml.Map); ok {
		b.placed = given.Clone()
		for id, v := range given.All() {
			if description, ok := v.(*yaml.Map); ok {
				name, _ := description.Get("Name")
				b.ids[yaml.Str(name)] = id
			}
		}
	}
	b.plan.Set("Files", b.placed)
	v, _ := b.plan.Get("Scripts")
	scripts, _ := v.(*yaml.Map)
	built := yaml.NewMap(scripts.Len())
	for name, v := range scripts.All() {
		script, ok := v.(*yaml.Map)
		if !ok || !script.Has("EntryPoint") {
			return failure("ValueError", "No entry point in script %s", name)
		}
		script = script.Clone()
		if err := b.script(script); err != nil {
			return err
		}
		built.Set(name, script)
	}
	if v != nil {
		b.plan.Set("Scripts", built)
	}
	return nil
}

// script puts the files of a script in the plan and their ids in the script.
func (b *planBuilder) script(script *yaml.Map) error {
	if kind, _ := script.Get("Type"); kind == "Application" {
		entry, _ := script.Get("EntryPoint")
		id, err := b.place(entry)
		if err != nil {
			return err
		}
		script.Set("EntryPoint", id)
	}
	v, _ := script.Get("Files")
	files, ok := v.([]any)
	if !ok {
		return nil
	}
	ids := make([]any, len(files))
	for i, file := range files {
		var err error
		if ids[i], err = b.place(file); err != nil {
			return err
		}
	}
	script.Set("Files", ids)
	return nil
}

// place gives the id of a file in the plan and puts it there if it is not yet. A file is its
// name: bare for a text, <name> for anything else, which base64 carries; or the address that
// the server fetches it from; or a map of one entry, from the name in the server to such a
// thing.
func (b *planBuilder) place(file any) (any, error) {
	name, source := "", ""
	switch f := file.(type) {
	case *yaml.Map:
		for k, v := range f.All() {
			name, source = k, yaml.Str(v)
			break
		}
	default:
		name = yaml.Str(f)
		source = name
	}
	bare, _ := unquoted(name)
	if isURL(name) {
		bare = name[strings.LastIndex(name, "/")+1:]
	}
	if id, ok := b.ids[bare]; ok {
		return id, nil
	}
	description := yaml.MapOf("Name", bare)
	if isURL(source) {
		description.Set("URL", source)
		description.Set("Type", "Downloadable")
	} else {
		at, binary := unquoted(source)
		body, err := b.body(path.Join(scriptsFolder, at), binary)
		if err != nil {
			return nil, err
		}
		kind := "Text"
		if binary {
			kind = "Base64"
		}
		description.Set("BodyType", kind)
		description.Set("Body", body)
	}
	id := b.newID()
	b.placed.Set(id, description)
	b.ids[bare] = id
	return id, nil
}

func (b *planBuilder) body(name string, binary bool) (string, error) {
	if !binary {
		return b.files.text(name)
	}
	text, err := b.files.base64(name)
	return text + "\n", err
}

// unquoted takes <> off a name.
func unquoted(name string) (bare string, quoted bool) {
	if strings.HasPrefix(name, "<") && strings.HasSuffix(name, ">") && len(name) > 1 {
		return name[1 : len(name)-1], true
	}
	return name, false
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && u.Host != ""
}
