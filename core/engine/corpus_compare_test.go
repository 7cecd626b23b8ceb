package engine_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/yaml"
)

var (
	corpusUUID  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	corpusShort = regexp.MustCompile(`-[a-z2-7]{12}\b`)
	// corpusPython are Python's own words, which nobody copies.
	corpusPython = regexp.MustCompile(`object has no attribute|sequence item|^Template not in valid format: Error parsing|not in valid format: .*\n`)
)

// masked shows a value as the corpus does: ids are masked, numbers keep their types.
func (r *corpusRun) masked(v any) any {
	switch v := v.(type) {
	case string:
		v = corpusUUID.ReplaceAllString(v, "<uuid>")
		return corpusShort.ReplaceAllString(v, "-<sid>")
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = r.masked(x)
		}
		return out
	case *yaml.Map:
		out := yaml.NewMap(v.Len())
		for k, x := range v.All() {
			out.Set(r.masked(k).(string), r.masked(x))
		}
		return out
	case int:
		return int64(v)
	}
	return v
}

// failure compares an error with the one expected.
func (r *corpusRun) failure(err error) error {
	want := r.c.sub("error")
	if want.Map == nil {
		if err == nil {
			return nil
		}
		return fmt.Errorf("refused: %s: %w", corpusType(err), err)
	}
	typ, text := want.text("type"), yaml.Str(first(want.Get("message")))
	if err == nil {
		return fmt.Errorf("taken, want %s: %s", typ, text)
	}
	if code, _ := want.Get("code"); code == int64(500) || corpusPython.MatchString(text) {
		return nil
	}
	got := r.masked(err.Error()).(string)
	if gotType := corpusType(err); !corpusText(text, got) || gotType != typ && typ != "HTTPBadRequest" {
		return fmt.Errorf("got  %s: %s\nwant %s: %s", gotType, got, typ, text)
	}
	return nil
}

func first(v any, _ bool) any { return v }

func corpusType(err error) string {
	if e, ok := errors.AsType[*core.Error](err); ok {
		return e.Type
	}
	return "error"
}

// corpusText compares texts of which <any> may stand for a part that differs.
func corpusText(want, got string) bool {
	parts := strings.Split(want, "<any>")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	ok, err := regexp.MatchString("(?s)^(?:"+strings.Join(parts, ".*")+")$", got)
	return ok && err == nil
}

// differ gives what differs, nil for nothing: types count, masks match.
func (r *corpusRun) differ(path string, want, got any) error {
	got = r.masked(got)
	if w, ok := want.(*yaml.Map); ok && !corpusMark(w) {
		g, ok := got.(*yaml.Map)
		if !ok {
			return fmt.Errorf("%s: %s, want %s", path, yaml.Dumps(got, true), yaml.Dumps(want, true))
		}
		for k, v := range w.All() {
			x, ok := g.Get(k)
			if !ok {
				return fmt.Errorf("%s.%s is missing, want %s", path, k, yaml.Dumps(v, true))
			}
			if err := r.differ(path+"."+k, v, x); err != nil {
				return err
			}
		}
		for k, v := range g.All() {
			if !w.Has(k) {
				return fmt.Errorf("%s.%s is %s, and should not be there", path, k, yaml.Dumps(v, true))
			}
		}
		return nil
	}
	if !corpusSame(want, got) {
		return fmt.Errorf("%s: %s, want %s", path, yaml.Dumps(got, true), yaml.Dumps(want, true))
	}
	return nil
}

// corpusMark reports whether a map of the corpus stands for a value that JSON has not.
func corpusMark(m *yaml.Map) bool {
	return m.Len() == 1 && slices.Contains([]string{"$float", "$bytes", "$set", "$match", "$error"}, m.Keys()[0])
}

func corpusSame(want, got any) bool {
	switch w := want.(type) {
	case *yaml.Map:
		if corpusMark(w) {
			mark := w.Keys()[0]
			v, _ := w.Get(mark)
			switch mark {
			case "$error":
				return got == nil // an attribute that cannot be read is shown as null
			case "$set":
				return corpusSame(v, got)
			case "$match":
				ok, err := regexp.MatchString("^(?:"+yaml.Str(v)+")$", yaml.Str(got))
				return ok && err == nil
			}
			return strings.EqualFold(yaml.Str(got), yaml.Str(v))
		}
		g, ok := got.(*yaml.Map)
		if !ok || g.Len() != w.Len() {
			return false
		}
		for k, v := range w.All() {
			if x, ok := g.Get(k); !ok || !corpusSame(v, x) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		return ok && slices.EqualFunc(w, g, corpusSame)
	case string:
		if g, ok := got.(string); ok && strings.Contains(w, "<any>") {
			return corpusText(w, g)
		}
		if w == "<any>" {
			return true
		}
	}
	return yaml.TypeName(want) == yaml.TypeName(got) && yaml.Equal(want, got)
}
