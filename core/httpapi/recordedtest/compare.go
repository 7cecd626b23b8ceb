package recordedtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// difference is one place in which two answers are not the same.
type difference struct {
	place        string
	theirs, ours any
}

func (d difference) String() string {
	return fmt.Sprintf("%s: upstream %s | ours %s", d.place, shown(d.theirs), shown(d.ours))
}

// absent stands for a key that one of the answers has not got.
const absent = "(absent)"

// compared are the headers that are; of the media type, the part before its parameters.
var compared = []string{"Location", "Content-Type", "Allow"}

const requestID = "X-Openstack-Request-Id"

// compare gives the differences of two answers, but for those that upstream itself shows
// from run to run. Where upstream was still IN_PROGRESS and ours has come to an end, what
// hangs on the progress may differ: reasons, times, values that were not there yet.
func (p *Replay) compare(id string, theirs, ours *Answer) []difference {
	out := p.all(theirs, ours)
	out = slices.DeleteFunc(out, func(d difference) bool { return within(d.place, p.unstable[id]) })
	for _, place := range p.unstable[id] {
		out = append(out, otherKeys(place, theirs.Body, ours.Body)...)
	}
	real := slices.DeleteFunc(slices.Clone(out), ahead)
	if len(real) < len(out) {
		real = slices.DeleteFunc(real, func(d difference) bool { return ofProgress.MatchString(d.place) })
	}
	return real
}

var ofProgress = regexp.MustCompile(`(reason|_time|output_value|physical_resource_id|required_by|outputs|attributes|value)(/|$)`)

func ahead(d difference) bool {
	theirs, _ := d.theirs.(string)
	ours, _ := d.ours.(string)
	return strings.HasSuffix(theirs, "IN_PROGRESS") && (strings.HasSuffix(ours, "COMPLETE") || strings.HasSuffix(ours, "FAILED"))
}

func (p *Replay) all(theirs, ours *Answer) (out []difference) {
	if theirs.Status != ours.Status {
		out = append(out, difference{"status", theirs.Status, ours.Status})
	}
	t, o := canonical(theirs.Header), canonical(ours.Header)
	for _, name := range compared {
		x, y := p.maskText(t.Get(name)), p.maskText(o.Get(name))
		if name == "Content-Type" {
			x, _, _ = strings.Cut(x, ";")
			y, _, _ = strings.Cut(y, ";")
		}
		if x != y {
			out = append(out, difference{"header " + strings.ToLower(name), x, y})
		}
	}
	if t.Get(requestID) != "" && o.Get(requestID) == "" {
		out = append(out, difference{"header " + strings.ToLower(requestID), "present", absent})
	}
	diff("", p.mask(theirs.Body, ""), p.mask(ours.Body, ""), &out)
	return out
}

func canonical(header map[string]string) http.Header {
	h := http.Header{}
	for name, value := range header {
		h.Set(name, value)
	}
	return h
}

func diff(place string, theirs, ours any, out *[]difference) {
	switch t := theirs.(type) {
	case map[string]any:
		o, ok := ours.(map[string]any)
		if !ok {
			break
		}
		for _, key := range slices.Sorted(maps.Keys(union(t, o))) {
			x, inTheirs := t[key]
			y, inOurs := o[key]
			switch {
			case !inTheirs:
				*out = append(*out, difference{place + "/" + key, absent, y})
			case !inOurs:
				*out = append(*out, difference{place + "/" + key, x, absent})
			default:
				diff(place+"/"+key, x, y, out)
			}
		}
		return
	case []any:
		o, ok := ours.([]any)
		if !ok {
			break
		}
		if len(t) != len(o) {
			*out = append(*out, difference{place, fmt.Sprintf("%d items", len(t)), fmt.Sprintf("%d items", len(o))})
		}
		for i := range min(len(t), len(o)) {
			diff(fmt.Sprintf("%s/%d", place, i), t[i], o[i], out)
		}
		return
	default:
		switch ours.(type) {
		case map[string]any, []any:
		default:
			if theirs == ours {
				return
			}
		}
	}
	*out = append(*out, difference{place, theirs, ours})
}

func union(a, b map[string]any) map[string]any {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// within reports whether a place is one of places or below one.
func within(place string, places []string) bool {
	return slices.ContainsFunc(places, func(of string) bool {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(of), `\*`, `\d+`)
		return regexp.MustCompile("^" + pattern + "(/|$)").MatchString(place)
	})
}

// otherKeys compares the shape of a list that differs from run to run: the keys of its items.
func otherKeys(place string, theirs, ours any) []difference {
	t, o := itemKeys(at(theirs, place)), itemKeys(at(ours, place))
	if t == nil || o == nil || slices.Equal(t, o) {
		return nil
	}
	return []difference{{place + " (keys)", strings.Join(t, " "), strings.Join(o, " ")}}
}

func at(body any, place string) any {
	for key := range strings.SplitSeq(strings.Trim(place, "/"), "/") {
		m, ok := body.(map[string]any)
		if !ok {
			return nil
		}
		body = m[key]
	}
	return body
}

func itemKeys(list any) []string {
	items, _ := list.([]any)
	keys := map[string]any{}
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			maps.Copy(keys, m)
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// judge tells the test what of the differences is not known, and reports whether there are
// none at all.
func (p *Replay) judge(id string, found []difference) bool {
	p.T.Helper()
	known, listed := p.Known[id]
	for _, d := range found {
		if !listed || !within(d.place, known.Places) {
			p.T.Errorf("%s: %s", id, d)
		}
	}
	for _, place := range known.Places {
		shows := slices.ContainsFunc(found, func(d difference) bool { return within(d.place, []string{place}) })
		if !shows && !known.Sometimes {
			p.T.Errorf("%s: there is no difference at %q any more", id, place)
		}
	}
	return len(found) == 0
}

func text(v any) string {
	b, _ := json.Marshal(v) // what was JSON is JSON again
	return string(b)
}

func shown(v any) string {
	s := text(v)
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	return s
}
