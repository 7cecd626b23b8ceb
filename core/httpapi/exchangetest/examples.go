package exchangetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hearth/core/httpapi"
)

// KeepExamples holds a file of examples for the document of an API to the exchanges of
// testdata/*.http, or writes it anew. Of each operation it has the success that shows most
// without being long; of each status of failure the first. name tells the examples of one
// operation apart by their requests; nil: there is one of each.
func (s *Session) KeepExamples(api *httpapi.API, file string, name func(form url.Values) string, update bool) {
	s.T.Helper()
	d, err := ReadDocument(api.JSON())
	if err != nil {
		s.T.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		s.T.Fatal("no examples", err)
	}
	out := httpapi.Examples{Operations: map[string][]httpapi.Example{}, Faults: map[string]httpapi.Example{}}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			s.T.Fatal(err)
		}
		for _, part := range strings.Split(s.plausible(string(raw)), "\n"+begin)[1:] {
			s.addExample(d, &out, part, name)
		}
	}
	for _, list := range out.Operations {
		slices.SortFunc(list, func(a, b httpapi.Example) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
		})
	}
	made, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		s.T.Fatal(err)
	}
	made = append(made, '\n')
	if update {
		if err := os.WriteFile(file, made, 0o644); err != nil {
			s.T.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(file); err != nil || !bytes.Equal(kept, made) {
		s.T.Errorf("%s is not what testdata makes it: run the test with -update (%v)", file, err)
	}
}

// addExample looks at one exchange of a file.
func (s *Session) addExample(d *Document, out *httpapi.Examples, part string, name func(url.Values) string) {
	s.T.Helper()
	request, answered, found := strings.Cut(part, answer)
	if !found {
		return // a line that waits
	}
	head, body, _ := strings.Cut(request, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	header := http.Header{}
	for _, line := range lines[1:] {
		key, value, _ := strings.Cut(line, ": ")
		header.Set(key, value)
	}
	if s.Prepare != nil {
		path, body = s.Prepare(method, path, header, body)
	}
	path, query, _ := strings.Cut(path, "?")
	op, _ := d.find(method, path)
	if op == nil {
		return
	}
	x := httpapi.Example{RequestType: header.Get("Content-Type")}
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return // it shows how that is refused
	}
	switch {
	case x.RequestType == "application/x-www-form-urlencoded" && !strings.HasPrefix(body, "{"):
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		parameters = form
		x.Request, _ = json.Marshal(d.fromForm(d.child(d.child(d.child(d.child(op.at, "requestBody"), "content"), x.RequestType), "schema"), form))
	case json.Valid([]byte(body)):
		x.Request, x.RequestType = json.RawMessage(strings.TrimSpace(body)), cmp.Or(x.RequestType, "application/json")
	default:
		x.RequestType = ""
	}
	if name != nil {
		x.Name = name(parameters)
	}
	answered, _, _ = strings.Cut(answered, "\n\n#")
	head, body, _ = strings.Cut(answered, "\n\n")
	lines = strings.Split(strings.TrimSpace(head), "\n")
	if x.Status, err = strconv.Atoi(lines[0]); err != nil {
		s.T.Fatalf("%s: %v", lines[0], err)
	}
	if body = strings.TrimSpace(body); body != "" {
		x.Type = "application/json"
	}
	for _, line := range lines[1:] {
		if t, ok := strings.CutPrefix(line, "Content-Type: "); ok && body != "" {
			x.Type, _, _ = strings.Cut(t, ";")
		}
	}
	if x.Answer = json.RawMessage(body); body == "" {
		x.Answer = nil
	} else if x.Type != "application/json" {
		x.Answer, _ = json.Marshal(body)
	}
	if x.Status >= 400 {
		status := strconv.Itoa(x.Status)
		if _, known := out.Faults[status]; !known && x.Status != http.StatusUnauthorized {
			out.Faults[status] = httpapi.Example{Status: x.Status, Answer: x.Answer, Type: x.Type}
		}
		return
	}
	list := out.Operations[op.ID()]
	i := slices.IndexFunc(list, func(y httpapi.Example) bool { return y.Name == x.Name && y.Type == x.Type })
	switch {
	case i < 0:
		out.Operations[op.ID()] = append(list, x)
	case shows(x) > shows(list[i]):
		list[i] = x
	}
}

// longest is how much of an answer an example may have, in bytes of the file.
const longest = 2500

// shows is how much an example shows: more, until it is too long.
func shows(x httpapi.Example) int {
	n := len(x.Answer) + len(x.Request)
	if n > longest {
		return -n
	}
	return n
}

var maskedID = regexp.MustCompile(`\bID(\d+)\b`)

// plausible puts examples of values in the place of masks.
func (s *Session) plausible(text string) string {
	text = maskedID.ReplaceAllStringFunc(text, func(id string) string {
		n, _ := strconv.Atoi(id[2:])
		id = fmt.Sprintf("7c3b9d52-0f4e-4b6a-8a57-%012d", n)
		if s.IDs != nil && !s.IDs.MatchString(id) {
			return strings.ReplaceAll(id, "-", "")
		}
		return id
	})
	return strings.NewReplacer("http://HOST", "http://127.0.0.1", `"WHEN"`, `"2026-01-02T03:04:05"`, `"TIME"`, `"2026-01-02T03:04:05Z"`, ">TIME<", ">2026-01-02T03:04:05Z<",
		`"HEX"`, `"5d41402abc4b2a76b9719d911017c592"`, "-RANDOM", "-x7k2m9q4w1z5").Replace(text)
}

var failure = regexp.MustCompile(` [345]\d\d$`)

// Illustrated tells which examples of the document are not as their schemas say, and which
// bodies of requests and of successes (2xx) have none, in any of their types.
func (d *Document) Illustrated() (wrong []error, bare []string) {
	look := func(where string, content node) {
		shown := len(content.value) == 0
		for t := range content.value {
			media := d.child(content, t)
			schema := d.child(media, "schema")
			values := []any{}
			if v, ok := media.value["example"]; ok {
				values = append(values, v)
			}
			examples := d.child(media, "examples")
			for name := range examples.value {
				values = append(values, d.child(examples, name).value["value"])
			}
			shown = shown || len(values) > 0
			for _, v := range values {
				if text, ok := v.(string); ok && t == "application/xml" {
					var err error
					if v, err = d.fromXML(schema, []byte(text)); err != nil {
						wrong = append(wrong, fmt.Errorf("%s: %w", where, err))
						continue
					}
				}
				if err := d.valid(schema, v); err != nil {
					wrong = append(wrong, fmt.Errorf("%s: the example of %s: %w", where, t, err))
				}
			}
		}
		if !shown {
			bare = append(bare, where)
		}
	}
	for i := range d.routes {
		r := &d.routes[i]
		if body := d.child(r.at, "requestBody"); body.value != nil {
			look(r.String(), d.child(body, "content"))
		}
		responses := d.child(r.at, "responses")
		for status := range responses.value {
			look(r.String()+" "+status, d.child(d.child(responses, status), "content"))
		}
	}
	bare = slices.DeleteFunc(bare, func(where string) bool { return failure.MatchString(where) })
	slices.Sort(bare)
	return wrong, bare
}
