package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/core/httpapi/exchangetest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the output in testdata")

// A script is a session at a shell:
//
//	# What it shows.
//	$ openstack stack show web -f value -c stack_status
//	CREATE_COMPLETE
//	$ openstack stack show nonesuch
//	Stack not found: nonesuch
//	[1]
//
// Under a command stand its output, its error output and, unless it is 0, its exit code. A
// word with blanks stands in single quotes; ^C as the last word interrupts the command. The
// files under files, beside the script, are in its directory, and at FILES over HTTP; EXAMPLES
// are the project's templates. What differs from run to run is masked as in exchangetest.
// Between the commands stand
//
//	= wait web UPDATE_COMPLETE   until the stack is in that state
//	= pending web server         until the resource, of the stack or one in it, waits at a hook
//	= services                   until the engine has said that it is there
//	= metadata ID8 text          until a server's deployments hold the text
//	= signal {"a": 1}            what software sends to the address in the output above
//	= environment ID1 ready      until Murano's environment has that status, or is gone
//	= task ID1 ID2               until an environment's task has a result
//	= release handle             the stacks' wait condition with that handle has come true
type clientScript struct {
	*site
	ids   *regexp.Regexp // what an id is; nil: a UUID
	names exchangetest.Session
	files string // served over HTTP
	last  string // output, as it came
}

// scriptStep is a command with what is expected of it, or a line between commands.
type scriptStep struct {
	line   string // "$ …" or "= …"; "" for the text before the first
	after  string // the comment that follows, from its blank line on
	output string
}

// words are a command's.
func (c scriptStep) words() []string { return shellWords(strings.TrimPrefix(c.line, "$ ")) }

// fails reports whether the command is expected to.
func (c scriptStep) fails() bool { return failing.MatchString(c.output) }

var (
	failing       = regexp.MustCompile(`(?m)^\[\d+\]\n\z`)
	shellWord     = regexp.MustCompile(`(?:'[^']*'|[^'\s])+`)
	trailing      = regexp.MustCompile(`\n\n(?:# .*\n)+\z`)
	signalAddress = regexp.MustCompile(`http[^"\s]*/signal[/?][^"\s]*`)
	deleting      = regexp.MustCompile(`(?m)^(TIME \[.*|.* deleting)\n`)
	stepBegins    = regexp.MustCompile(`(?m)^[$=] .*\n`)
)

func shellWords(line string) []string {
	words := shellWord.FindAllString(line, -1)
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "'", "")
	}
	return words
}

// readScript cuts a script into its steps; what they say in their order is the script again.
func readScript(t testing.TB, file string) []scriptStep {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, begins := string(raw), stepBegins.FindAllStringIndex(string(raw), -1)
	if len(begins) == 0 {
		t.Fatalf("%s has no commands", file)
	}
	steps := []scriptStep{{after: text[:begins[0][0]]}}
	for i, b := range begins {
		end := len(text)
		if i+1 < len(begins) {
			end = begins[i+1][0]
		}
		step := scriptStep{line: strings.TrimSuffix(text[b[0]:b[1]], "\n"), output: text[b[1]:end]}
		if at := trailing.FindStringIndex("\n" + step.output); at != nil {
			step.output, step.after = step.output[:at[0]], step.output[at[0]:]
		}
		steps = append(steps, step)
	}
	return steps
}

// run runs the script against the installation.
func (c *clientScript) run(file string) {
	c.t.Helper()
	dir := filepath.Join(c.dir, "script")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(filepath.Dir(file), "files"))); err != nil {
		c.t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	c.files = strings.TrimPrefix(server.URL, "http://")
	c.names = exchangetest.Session{T: c.t, URL: strings.TrimSuffix(c.env["OS_AUTH_URL"], "/v3"), IDs: c.ids,
		Before: []exchangetest.Mask{
			{Pattern: regexp.MustCompile(regexp.QuoteMeta(dir)), With: "DIR"},
			{Pattern: regexp.MustCompile(regexp.QuoteMeta(c.files)), With: "FILES"},
			{Pattern: regexp.MustCompile(`127\.0\.0\.1:\d+`), With: "HOST"},
			{Pattern: regexp.MustCompile(`\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?`), With: "TIME"},
			{Pattern: regexp.MustCompile(`\br_[0-9a-f]{20}\b`), With: "NODE"},               // of a drawing: Python's hash
			{Pattern: regexp.MustCompile(`\bmurano_[a-z0-9_]{8}\b`), With: "murano_RANDOM"}, // a file that package-create names
			{Pattern: regexp.MustCompile(`\b0x[0-9a-f]{8,}\b`), With: "ADDRESS"},            // in memory
			{Pattern: regexp.MustCompile(`\x1b\[[0-9;]*m`)},                                 // a colour
			{Pattern: signalAddress, With: "SIGNAL-ADDRESS"},
			{Pattern: regexp.MustCompile(`[ \t]+\n`), With: "\n"},
		}}
	steps := readScript(c.t, file)
	want := scriptText(steps)
	defer func() { // also when a step ends the test
		got := scriptText(steps)
		if !*update {
			if d := cmp.Diff(want, got); d != "" {
				c.t.Error(d)
			}
		} else if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			c.t.Error(err)
		}
	}()
	for i, step := range steps {
		if between, ok := strings.CutPrefix(step.line, "= "); ok {
			c.between(between)
		} else if step.line != "" {
			steps[i].output = c.command(dir, step)
		}
	}
}

func scriptText(steps []scriptStep) string {
	var out strings.Builder
	for _, step := range steps {
		if step.line != "" {
			out.WriteString(step.line + "\n")
		}
		out.WriteString(step.output + step.after)
	}
	return out.String()
}

func (c *clientScript) command(dir string, step scriptStep) string {
	c.t.Helper()
	words := step.words()
	for i, w := range words {
		words[i] = strings.NewReplacer("FILES", c.files, "EXAMPLES", example(c.t, "templates")).Replace(c.names.Unmask(w))
	}
	interrupt := words[len(words)-1] == "^C"
	if interrupt {
		words = words[:len(words)-1]
	}
	code, out, says := c.runClient(dir, words[0], interrupt, words[1:]...)
	c.last = out
	text := out + says
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if code != 0 {
		text += fmt.Sprintf("[%d]\n", code)
	}
	text = c.names.Mask(text)
	if slices.Contains(words, "delete") {
		text = deleting.ReplaceAllString(text, "") // how much of it is seen depends on how soon it is gone
	}
	return text
}

// between does what stands between commands.
func (c *clientScript) between(line string) {
	c.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "wait":
		name, state, _ := strings.Cut(rest, " ")
		c.awaitEnd("/stacks/"+name, state)
	case "pending":
		name, resource, _ := strings.Cut(rest, " ")
		c.awaitHook(name, resource)
	case "services":
		c.eventually("a service", func() error {
			var list struct{ Services []any }
			if _, err := c.call(http.MethodGet, c.heat+"/services", nil, &list); err != nil {
				return err
			}
			if len(list.Services) == 0 {
				return fmt.Errorf("none yet")
			}
			return nil
		})
	case "metadata":
		server, text, _ := strings.Cut(c.names.Unmask(rest), " ")
		c.eventually("metadata of "+server, func() error {
			var answer map[string]any
			_, err := c.call(http.MethodGet, c.heat+"/software_deployments/metadata/"+server, nil, &answer)
			if err == nil && !strings.Contains(fmt.Sprint(answer), text) {
				err = fmt.Errorf("no %s yet", text)
			}
			return err
		})
	case "environment":
		id, status, _ := strings.Cut(c.names.Unmask(rest), " ")
		c.awaitEnvironment(id, status)
	case "task":
		env, task, _ := strings.Cut(c.names.Unmask(rest), " ")
		c.eventually("a result of "+task, func() error {
			var answer map[string]any
			_, err := c.call(http.MethodGet, c.murano+"/environments/"+env+"/actions/"+task, nil, &answer)
			if err == nil && len(answer) == 0 {
				err = errors.New("none yet")
			}
			return err
		})
	case "release":
		c.release(rest)
	case "signal":
		address := signalAddress.FindString(c.last)
		post(c.t, address, rest)
	default:
		c.t.Fatalf("what is %q?", line)
	}
}

// post sends what the software in a server does when it is done.
func post(t testing.TB, address, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %s", address, resp.Status, content)
	}
}

// release signals to a handle as soon as there is a stack that has it.
func (s *site) release(handle string) {
	s.t.Helper()
	s.eventually("a signal to "+handle, func() error {
		var list struct {
			Stacks []struct {
				ID   string
				Name string `json:"stack_name"`
			}
		}
		_, err := s.call(http.MethodGet, s.heat+"/stacks", nil, &list)
		if err == nil && len(list.Stacks) == 0 {
			err = errors.New("no stack yet")
		}
		for _, stack := range list.Stacks {
			_, refused := s.call(http.MethodPost, fmt.Sprint(s.heat, "/stacks/", stack.Name, "/", stack.ID, "/resources/", handle, "/signal"), map[string]any{}, nil)
			err = errors.Join(err, refused)
		}
		return err
	})
}

// awaitHook waits until the last event of a resource says that it waits at a hook.
func (s *site) awaitHook(stack, resource string) {
	s.t.Helper()
	s.eventually("a hook of "+resource, func() error {
		var list struct {
			Events []struct {
				Name   string `json:"resource_name"`
				Reason string `json:"resource_status_reason"`
			}
		}
		if _, err := s.call(http.MethodGet, s.heat+"/stacks/"+stack+"/events?nested_depth=5&sort_dir=asc", nil, &list); err != nil {
			return err
		}
		reason := ""
		for _, e := range list.Events {
			if e.Name == resource {
				reason = e.Reason
			}
		}
		if !strings.Contains(reason, "paused until Hook") {
			return fmt.Errorf("the last of %d events says %q", len(list.Events), reason)
		}
		return nil
	})
}

// expectDriven holds scripts to the commands that a program has: each in a form that succeeds
// and one that fails, and with each of its options. Options of the program may stand before
// the command.
func expectDriven(t *testing.T, scripts []string, program string, commands map[string][]string) {
	t.Helper()
	seen := map[string]bool{}
	for _, file := range scripts {
		for _, step := range readScript(t, file) {
			if !strings.HasPrefix(step.line, "$ "+program+" ") {
				continue
			}
			name, rest := commandIn(step.words()[1:], commands)
			seen[fmt.Sprint(name, " fails: ", step.fails())] = true
			for _, w := range rest {
				option, _, _ := strings.Cut(w, "=")
				seen[name+" "+option] = true
			}
		}
	}
	var missing []string
	for name, options := range commands {
		for _, form := range []string{" fails: false", " fails: true"} {
			if !seen[name+form] {
				missing = append(missing, name+form)
			}
		}
		for _, spellings := range options {
			if !slices.ContainsFunc(strings.Fields(spellings), func(o string) bool { return seen[name+" "+o] }) {
				missing = append(missing, name+" "+spellings)
			}
		}
	}
	slices.Sort(missing)
	for _, m := range missing {
		t.Error("no script has", m)
	}
}

// commandIn finds the first command in words, the longest name first, and gives it with what
// follows it; "" when there is none.
func commandIn(words []string, commands map[string][]string) (name string, rest []string) {
	for from := range words {
		for to := len(words); to > from; to-- {
			name := strings.Join(words[from:to], " ")
			if _, ok := commands[name]; ok {
				return name, words[to:]
			}
		}
	}
	return "", nil
}
