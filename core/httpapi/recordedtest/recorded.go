// Package recordedtest replays exchanges that were recorded with the upstream servers, and
// compares the answers: status, the headers that matter, and the body after masking what may
// differ from run to run.
//
// The exchanges stand in a folder: exchanges.jsonl, one a line, and unstable.json, the places
// in which upstream differs from itself between two runs.
package recordedtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/core/httpapi/exchangetest"
)

// Exchange is one request as it was sent to the upstream server, with its answer.
type Exchange struct {
	ID     string            `json:"id"` // 112-event-show
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header"`
	Body   any               `json:"body"` // a text is sent as it is, anything else as JSON
	Answer Answer            `json:"answer"`
}

// Answer is what came back; Body is a text when it is no JSON. The status is 0 where the
// server hung up.
type Answer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   any               `json:"body"`
}

// Difference is one that is meant, with its line in docs/deviations.md.
type Difference struct {
	// Places are where it shows: "status", "header allow", or a path in the body ("/stack/tags");
	// * is any index. A place stands for what is below it; "" is the whole body.
	Places []string
	Why    string
	// Sometimes: whether it shows depends on how fast the engine is.
	Sometimes bool
}

// Replay sends recorded exchanges to a service.
type Replay struct {
	T      testing.TB
	Folder string // testdata/recorded
	// Deviations is the file with a line for each of Known that names the exchange.
	Deviations string
	// Prepare completes a request in which the ids of the record have been replaced by
	// those of this run. It may wait until the service is in the state that the record has.
	Prepare func(r *Request)
	// Ids are those of the record that are known from the start.
	Ids map[string]string
	// Masks are for texts in answers, beside those for every service.
	Masks []exchangetest.Mask
	Known map[string]Difference // by the id of the exchange

	unstable map[string][]string
}

// Request is an exchange's on its way.
type Request struct {
	ID, Method, URL string
	Header          http.Header
	Body            string
}

// Run replays all exchanges in their order. A difference that is not Known fails the test, and
// so does a known one that does not show.
func (p *Replay) Run() {
	p.T.Helper()
	if raw, err := os.ReadFile(filepath.Join(p.Folder, "unstable.json")); err == nil {
		if err := json.Unmarshal(raw, &p.unstable); err != nil {
			p.T.Fatal(err)
		}
	}
	exchanges := p.read()
	p.listed(exchanges)
	equal := 0
	for i := range exchanges {
		e := &exchanges[i]
		answer := p.send(e)
		if p.judge(e.ID, p.compare(e.ID, &e.Answer, answer)) {
			equal++
		}
		p.learn(e.Answer.Body, answer.Body)
		for name, value := range e.Answer.Header {
			p.learnText(value, answer.Header[http.CanonicalHeaderKey(name)])
		}
	}
	p.T.Logf("%d of %d are equal", equal, len(exchanges))
}

func (p *Replay) read() (out []Exchange) {
	p.T.Helper()
	f, err := os.Open(filepath.Join(p.Folder, "exchanges.jsonl"))
	if err != nil {
		p.T.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var e Exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			p.T.Fatal(err)
		}
		out = append(out, e)
	}
	if err := lines.Err(); err != nil || len(out) == 0 {
		p.T.Fatal("no exchanges in "+p.Folder, err)
	}
	return out
}

// listed holds Known to the exchanges that there are and to the document of differences.
func (p *Replay) listed(exchanges []Exchange) {
	p.T.Helper()
	text, err := os.ReadFile(p.Deviations)
	if err != nil {
		p.T.Fatal(err)
	}
	for id := range p.Known {
		if !slices.ContainsFunc(exchanges, func(e Exchange) bool { return e.ID == id }) {
			p.T.Errorf("there is no exchange %s", id)
		}
		if !bytes.Contains(text, []byte("`"+id+"`")) {
			p.T.Errorf("%s does not name `%s`", p.Deviations, id)
		}
	}
}

// send sends a request with the ids of this run.
func (p *Replay) send(e *Exchange) *Answer {
	p.T.Helper()
	r := &Request{ID: e.ID, Method: e.Method, URL: p.ours(e.URL), Header: http.Header{}}
	for name, value := range e.Header {
		r.Header.Set(name, p.ours(value))
	}
	switch body := e.Body.(type) {
	case nil:
	case string:
		r.Body = p.ours(body)
	default:
		r.Body = p.ours(text(body))
	}
	p.Prepare(r)
	status, header, content := exchangetest.Send(p.T, r.Method, r.URL, r.Header, r.Body)
	a := &Answer{Status: status, Header: map[string]string{}}
	for name := range header {
		a.Header[name] = header.Get(name)
	}
	if json.Unmarshal(content, &a.Body) != nil {
		a.Body = string(content)
	}
	return a
}

// ours replaces the ids of the record.
func (p *Replay) ours(text string) string {
	for theirs, ours := range p.Ids {
		text = strings.ReplaceAll(text, theirs, ours)
	}
	return text
}

// learn finds out which ids of this run stand for which of the record, from two answers of
// one shape. The first that is found counts.
func (p *Replay) learn(theirs, ours any) {
	switch theirs := theirs.(type) {
	case map[string]any:
		ours, _ := ours.(map[string]any)
		for key, value := range theirs {
			if own, ok := ours[key]; ok {
				p.learn(value, own)
			}
		}
	case []any:
		if ours, ok := ours.([]any); ok && len(ours) == len(theirs) {
			for i := range theirs {
				p.learn(theirs[i], ours[i])
			}
		}
	case string:
		if ours, ok := ours.(string); ok {
			p.learnText(theirs, ours)
		}
	}
}

func (p *Replay) learnText(theirs, ours string) {
	for _, pattern := range []*regexp.Regexp{exchangetest.UUID, hexID} {
		t, o := pattern.FindAllString(theirs, -1), pattern.FindAllString(ours, -1)
		if len(t) != len(o) {
			continue
		}
		for i, id := range t {
			if p.Ids[id] == "" {
				p.Ids[id] = o[i]
			}
		}
	}
}

// hexID matches an id without dashes.
var hexID = regexp.MustCompile(`\b[0-9a-f]{32}\b`)

// Until waits until an answer of the service is as it should be: 30 s at most.
func Until(t testing.TB, ask func() []byte, is func(answer []byte) bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		answer := ask()
		if is(answer) {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the service does not come to be as it was on the record: ", string(answer))
		}
	}
}
