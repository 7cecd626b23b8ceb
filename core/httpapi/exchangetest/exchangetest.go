// Package exchangetest holds an API to examples of its exchanges. A file is a list of
//
//	# what it shows
//	=== GET /v1/project/stacks
//	X-Auth-Token: admin
//
//	a body
//	---
//	200
//	Location: …
//
//	the body of the answer
//
// and of lines "=== wait NAME", until what is called so has come to rest. Requests are sent
// in their order to an API with an empty store. What differs from run to run is masked: the
// first id is ID1, in requests, too.
package exchangetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Mask says what stands in a file for texts that match.
type Mask struct {
	Pattern *regexp.Regexp
	With    string
}

// Masks are those of what every API answers.
var Masks = []Mask{
	{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "HEX"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
	{regexp.MustCompile(`-[a-z0-9]{12}\b`), "-RANDOM"},
}

// Session is one file being run against a service of its own.
type Session struct {
	T   testing.TB
	URL string // of the service
	// Prepare completes a request as it stands in the file; nil: it is complete.
	Prepare func(method, path string, header http.Header, body string) (string, string)
	// IDs matches an id of the service; nil: UUID.
	IDs *regexp.Regexp
	// Shown are the headers that an answer is shown with.
	Shown []string
	// Before are replaced before ids are, Masks after.
	Before, Masks []Mask
	// Rests reports whether what is called so has come to rest.
	Rests func(s *Session, name string) bool

	ids []string
}

// Run runs one file, and compares what it comes to, or rewrites it.
func (s *Session) Run(file string, update bool) {
	s.T.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		s.T.Fatal(err)
	}
	got := s.play(string(raw))
	if update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			s.T.Fatal(err)
		}
	} else if d := cmp.Diff(string(raw), got); d != "" {
		s.T.Error(d)
	}
}

// Each runs a test for each file testdata/*.http.
func Each(t *testing.T, test func(t *testing.T, file string)) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.http")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) { test(t, file) })
	}
}

const (
	begin  = "=== "
	answer = "\n---\n"
)

func (s *Session) play(text string) string {
	var out strings.Builder
	head, rest, found := strings.Cut(text, "\n"+begin)
	out.WriteString(head)
	for found {
		var part string
		part, rest, found = strings.Cut(rest, "\n"+begin)
		out.WriteString("\n" + begin)
		if name, ok := strings.CutPrefix(part, "wait "); ok {
			name, _, _ = strings.Cut(name, "\n")
			s.wait(strings.TrimSpace(name))
			out.WriteString(part)
			continue
		}
		comment := ""
		if i := strings.LastIndex(part, "\n\n#"); i >= 0 {
			part, comment = part[:i+1], part[i+1:]
		}
		request, _, _ := strings.Cut(part, answer)
		out.WriteString(request + answer + s.exchange(request) + comment)
	}
	return out.String()
}

// exchange sends a request and gives the answer as the file has it.
func (s *Session) exchange(text string) string {
	s.T.Helper()
	head, body, _ := strings.Cut(s.Unmask(text), "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	header := http.Header{}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		header.Set(name, value)
	}
	if s.Prepare != nil {
		path, body = s.Prepare(method, path, header, body)
	}
	status, header, content := Send(s.T, method, s.URL+path, header, body)
	var out bytes.Buffer
	fmt.Fprintln(&out, status)
	for _, name := range s.Shown {
		if v := header.Get(name); v != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, v)
		}
	}
	if len(content) > 0 {
		if t := header.Get("Content-Type"); t != "application/json" && !slices.Contains(s.Shown, "Content-Type") {
			fmt.Fprintln(&out, "Content-Type:", t)
		}
		out.WriteByte('\n')
		if err := json.Indent(&out, content, "", "  "); err != nil {
			out.Write(content)
		}
		out.WriteByte('\n')
	}
	return s.Mask(out.String())
}

// Send sends a request and gives the answer whole; no redirect is followed.
func Send(t testing.TB, method, url string, header http.Header, body string) (status int, answered http.Header, content []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if content, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, content
}

// UUID matches an id.
var UUID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// Unmask puts the ids that the session has seen in the place of their names.
func (s *Session) Unmask(text string) string {
	for i, id := range s.ids {
		text = regexp.MustCompile(fmt.Sprintf(`\bID%d(\b|_)`, i+1)).ReplaceAllString(text, id+"${1}")
	}
	return text
}

// Mask gives an answer as a file has it: ids by their names, what differs from run to run
// masked.
func (s *Session) Mask(text string) string {
	text = strings.ReplaceAll(text, s.URL, "http://HOST")
	for _, m := range s.Before {
		text = m.Pattern.ReplaceAllString(text, m.With)
	}
	pattern := s.IDs
	if pattern == nil {
		pattern = UUID
	}
	text = pattern.ReplaceAllStringFunc(text, func(id string) string {
		i := slices.Index(s.ids, id)
		if i < 0 {
			s.ids = append(s.ids, id)
			i = len(s.ids) - 1
		}
		return fmt.Sprintf("ID%d", i+1)
	})
	for _, m := range slices.Concat(Masks, s.Masks) {
		text = m.Pattern.ReplaceAllString(text, m.With)
	}
	return text
}

func (s *Session) wait(name string) {
	s.T.Helper()
	for until := time.Now().Add(30 * time.Second); !s.Rests(s, name); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			s.T.Fatalf("%s does not end", name)
		}
	}
}
