package template

import (
	"fmt"
	"slices"

	"hearth/core/diag"
	"hearth/core/yaml"
)

// The merge strategies for parameters that several environment files give.
const (
	overwrite   = "overwrite"
	mergeOnce   = "merge"
	mergeDeeply = "deep_merge"
)

// MergeFiles puts environment files over an environment that holds the request's
// parameters, one after the other (heat/common/environment_util.py). known finds the
// declaration of a parameter in any template of the request; from the second file on
// other names are dropped. e is not changed.
func (e *Environment) MergeFiles(names []string, files map[string]string, known func(name string) *Parameter) (*Environment, diag.List) {
	m := &merging{env: e.Clone(), known: known, strategies: map[string]string{}}
	for _, name := range names {
		text, ok := files[name]
		if !ok {
			m.report("environment_file", "ValueError", "Environment file %q is not among the files", name)
			continue
		}
		file, found := ReadEnvironment([]byte(text), yaml.Options{})
		for _, d := range found {
			d.File = name
			m.found = append(m.found, d)
		}
		if !found.HasErrors() {
			m.file(name, file)
		}
	}
	return m.env, m.found
}

// EnvironmentFile is an environment file that has been read.
type EnvironmentFile struct {
	Name        string
	Environment *Environment
}

// MergeRead is MergeFiles for files that have been read.
func (e *Environment) MergeRead(files []EnvironmentFile, known func(name string) *Parameter) (*Environment, diag.List) {
	m := &merging{env: e.Clone(), known: known, strategies: map[string]string{}}
	for _, f := range files {
		m.file(f.Name, f.Environment)
	}
	return m.env, m.found
}

type merging struct {
	env        *Environment
	known      func(name string) *Parameter
	strategies map[string]string // fixed by the first file that names the parameter
	found      diag.List
}

func (m *merging) report(code, typ, format string, args ...any) {
	m.found = append(m.found, located(diag.Diagnostic{Code: code, Type: typ, Message: fmt.Sprintf(format, args...)}, "", nil))
}

func (m *merging) file(name string, file *Environment) {
	m.env.Parameters = m.parameters(m.env.Parameters, file.Parameters, file.Strategies, name)
	m.env.ParameterDefaults = m.parameters(m.env.ParameterDefaults, file.ParameterDefaults, file.Strategies, name)
	for k, v := range file.Registry.types.All() {
		m.env.Registry.types.Set(k, v)
	}
	if file.Registry.resources.Len() > 0 {
		m.env.Registry.resources = deepClone(file.Registry.resources)
	}
	m.env.EncryptedParamNames = append(m.env.EncryptedParamNames, file.EncryptedParamNames...)
	m.env.EventSinks = append(m.env.EventSinks, file.EventSinks...)
}

// strategy is the file's own word for the parameter, else what an earlier file fixed,
// else the file's default. A word that is none counts as the file's default, and one that
// is none even there as overwrite.
func (m *merging) strategy(key string, inFile *yaml.Map) string {
	word := func(name, otherwise string) string {
		if v, ok := inFile.Get(name); ok {
			return yaml.Str(v)
		}
		return otherwise
	}
	byDefault := word("default", overwrite)
	fixed := m.strategies[key]
	if fixed == "" {
		fixed = byDefault
	}
	if s := word(key, fixed); slices.Contains([]string{overwrite, mergeOnce, mergeDeeply}, s) {
		return s
	}
	return byDefault
}

func (m *merging) parameters(old, new, inFile *yaml.Map, file string) *yaml.Map {
	if new.Len() == 0 {
		return old
	}
	for key, v := range new.All() {
		if v == nil || m.known(key) == nil {
			continue
		}
		s := m.strategy(key, inFile)
		switch fixed, ok := m.strategies[key]; {
		case !ok:
			m.strategies[key] = s
		case fixed != s:
			m.report("merge_strategy", "ConflictingMergeStrategyForParam",
				"Conflicting merge strategy '%s' for parameter '%s' in file '%s'.", s, key, file)
		}
	}
	if old.Len() == 0 {
		return new.Clone()
	}
	for key, v := range new.All() {
		p := m.known(key)
		if v == nil || p == nil {
			continue
		}
		if s := m.strategies[key]; s == mergeOnce || s == mergeDeeply {
			before, _ := old.Get(key)
			if v, ok := m.value(p, before, v, s == mergeDeeply); ok {
				old.Set(key, v)
			}
			continue
		}
		old.Set(key, v)
	}
	return old
}

// value merges one value into what was there; nil: nothing.
func (m *merging) value(p *Parameter, old, new any, deep bool) (any, bool) {
	invalid := func(why string) (any, bool) {
		m.report("merge", "ValueError", "Invalid parameter in environment %s.", why)
		return nil, false
	}
	text, isText := new.(string)
	_, isList := new.([]any)
	if p.Type == TypeJSON {
		if isText && text != "" {
			v, err := yaml.DecodeJSON([]byte(text))
			if err != nil {
				return invalid(err.Error())
			}
			new = v
		}
		if s, ok := old.(string); ok && s != "" {
			if v, err := yaml.DecodeJSON([]byte(s)); err == nil {
				old = v
			}
		}
		from, ok := new.(*yaml.Map)
		into, wasMap := old.(*yaml.Map)
		if !wasMap || into.Len() == 0 {
			return new, true
		}
		if !ok {
			return invalid("")
		}
		return mergeMaps(into, from, deep), true
	}
	if !isText && !isList {
		return invalid("")
	}
	switch p.Type {
	case TypeList:
		merged, ok := mergeLists(old, new)
		if !ok {
			return invalid("")
		}
		return merged, true
	case TypeString, TypeNumber:
		before, wasText := old.(string)
		if isList || old != nil && !wasText {
			return invalid("")
		}
		return before + text, true
	}
	m.report("merge", "InvalidMergeStrategyForParam", "Invalid merge strategy '%s' for parameter '%s'.", mergeOnce, p.Name)
	return nil, false
}

// mergeLists joins lists, or texts with a comma.
func mergeLists(old, new any) (any, bool) {
	switch before := old.(type) {
	case nil:
		return new, true
	case string:
		text, ok := new.(string)
		if before == "" {
			return new, true
		}
		return before + "," + text, ok
	case []any:
		list, ok := new.([]any)
		if len(before) == 0 {
			return new, true
		}
		return append(slices.Clone(before), list...), ok
	}
	return nil, false
}

// mergeMaps puts a map over another; deeply: maps into maps, lists and texts behind each
// other. Null values are passed over.
func mergeMaps(old, new *yaml.Map, deep bool) *yaml.Map {
	out := old.Clone()
	for k, v := range new.All() {
		if v == nil {
			continue
		}
		before, _ := out.Get(k)
		if deep {
			v = mergeInto(before, v)
		}
		out.Set(k, v)
	}
	return out
}

func mergeInto(before, v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		if m, ok := before.(*yaml.Map); ok && m.Len() > 0 {
			return mergeMaps(m, v, true)
		}
	case []any:
		if merged, ok := mergeLists(before, v); ok {
			return merged
		}
	case string:
		if text, ok := before.(string); ok {
			return text + v
		}
	}
	return v
}
