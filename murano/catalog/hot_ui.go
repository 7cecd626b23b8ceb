package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"hearth/core/yaml"
)

// yaql is an expression in a form definition.
type yaql string

// ui generates the form of a HOT package: the name, then a form for each parameter group
// and one for the parameters in none (murano/packages/hot_package.py _translate_ui). The
// values are upstream's; the text is not, which has every scalar in quotes.
func (h *HOT) ui(fullName, version string, description *string) []byte {
	groups := h.uiGroups()
	app := yaml.MapOf("?", yaml.MapOf("type", fullName, "package", fullName, "classVersion", version))
	var title any
	if description != nil {
		title = *description
	}
	forms := []any{yaml.MapOf("group0", yaml.MapOf("fields", []any{
		yaml.MapOf("name", "title", "type", "string", "required", false, "hidden", true, "description", title),
		yaml.MapOf("name", "name", "type", "string", "label", "Application Name", "required", true,
			"description", "Enter a desired name for the application. Just A-Z, a-z, 0-9, and dash are allowed"),
	}))}
	app.Set("name", yaql("$.group0.name"))
	params := yaml.NewMap(len(h.Parameters))
	for i, group := range groups {
		form := "group" + strconv.Itoa(i+1)
		fields := make([]any, len(group))
		for j, p := range group {
			fields[j] = p.uiField()
			params.Set(p.Name, yaql("$."+form+"."+p.Name))
		}
		forms = append(forms, yaml.MapOf(form, yaml.MapOf("fields", fields)))
	}
	if params.Len() > 0 {
		app.Set("templateParameters", params)
	}
	w := &uiWriter{}
	w.entries(yaml.MapOf("Version", int64(2), "Application", app, "Forms", forms), 0)
	return []byte(w.b.String())
}

// uiGroups gives the parameters of each parameter group, then those of none.
func (h *HOT) uiGroups() [][]Parameter {
	byName := make(map[string]Parameter, len(h.Parameters))
	for _, p := range h.Parameters {
		byName[p.Name] = p
	}
	used := map[string]bool{}
	var groups [][]Parameter
	sections, _ := h.Template.Get("parameter_groups").Plain().([]any)
	for _, section := range sections {
		s, _ := section.(*yaml.Map)
		names, _ := s.Get("parameters")
		list, _ := names.([]any)
		group := []Parameter{}
		for _, name := range list {
			p, ok := byName[yaml.Str(name)]
			if ok && !used[p.Name] {
				group = append(group, p)
				used[p.Name] = true
			}
		}
		groups = append(groups, group)
	}
	var rest []Parameter
	for _, p := range h.Parameters {
		if !used[p.Name] {
			rest = append(rest, p)
		}
	}
	if len(rest) > 0 {
		groups = append(groups, rest)
	}
	return groups
}

// uiWriter writes block YAML: texts in double quotes, which JSON's are, too.
type uiWriter struct{ b strings.Builder }

func (w *uiWriter) entries(m *yaml.Map, indent int) {
	for k, v := range m.All() {
		w.b.WriteString(strings.Repeat(" ", indent) + quoted(k) + ":")
		w.value(v, indent+2)
	}
}

func (w *uiWriter) value(v any, indent int) {
	switch v := v.(type) {
	case *yaml.Map:
		if v.Len() == 0 {
			w.b.WriteString(" {}\n")
			return
		}
		w.b.WriteString("\n")
		w.entries(v, indent)
	case []any:
		if len(v) == 0 {
			w.b.WriteString(" []\n")
			return
		}
		w.b.WriteString("\n")
		for _, item := range v {
			w.item(item, indent)
		}
	case yaql:
		fmt.Fprintf(&w.b, " !yaql %s\n", quoted(string(v)))
	case string:
		w.b.WriteString(" " + quoted(v) + "\n")
	default:
		raw, err := yaml.EncodeJSON(v)
		if err != nil {
			raw = []byte("null")
		}
		w.b.WriteString(" " + string(raw) + "\n")
	}
}

func (w *uiWriter) item(item any, indent int) {
	w.b.WriteString(strings.Repeat(" ", indent) + "-")
	m, ok := item.(*yaml.Map)
	if !ok || m.Len() == 0 {
		w.value(item, indent+2)
		return
	}
	nested := &uiWriter{}
	nested.entries(m, indent+2)
	w.b.WriteString(" " + strings.TrimLeft(nested.b.String(), " "))
}

func quoted(s string) string {
	raw, err := yaml.EncodeJSON(s)
	if err != nil {
		return `""`
	}
	return string(raw)
}
