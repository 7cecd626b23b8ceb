package api_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/store/storetest"
	"hearth/murano/agent"
)

var (
	credentials = regexp.MustCompile(`(?m)^HEARTH_AGENT_URL='(.*)'\nHEARTH_AGENT_TOKEN='(.*)'$`)
	stepHeader  = regexp.MustCompile(`^# hearth-step (\w+) (\d+)\n`)
	stepFile    = regexp.MustCompile(`(?:file '\./(.*)'|command=\$\(base64 -d) <<'END'\n([A-Za-z0-9+/=\n]*)END\n`)
)

// carryOut takes the next step that a server is given, says that it succeeded, and gives the
// files that came with it, and its command line under "".
func (k *kit) carryOut(agents *agent.Service, env, server string) map[string]string {
	k.t.Helper()
	script, err := agents.Bootstrap(k.t.Context(), k.id(env), "e"+k.id(env)+"-h"+server)
	if err != nil {
		k.t.Fatal(err)
	}
	m := credentials.FindStringSubmatch(script)
	ask := func(method, path, body string) (int, string) {
		req, err := http.NewRequestWithContext(k.t.Context(), method, m[1]+path, strings.NewReader(body))
		if err != nil {
			k.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+m[2])
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			k.t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			k.t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	status, step := ask("GET", "/next", "")
	if status != 200 {
		k.t.Fatal(status, step)
	}
	files := map[string]string{}
	for _, f := range stepFile.FindAllStringSubmatch(step, -1) {
		content, err := base64.StdEncoding.DecodeString(f[2]) // which leaves out the ends of lines
		if err != nil {
			k.t.Fatal(err)
		}
		files[f[1]] = string(content)
	}
	h := stepHeader.FindStringSubmatch(step)
	if status, text := ask("POST", "/plans/"+h[1]+"/steps/"+h[2], "--x\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\n0\r\n--x--\r\n"); status/100 != 2 {
		k.t.Fatal(status, text)
	}
	return files
}

func exampleFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../examples/packages/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What the servers of the examples are given to do.
func TestPlansOfExamples(t *testing.T) {
	k, agents := startPlans(t, storetest.Open(t, storetest.SQLite(t)), "/nowhere")
	for _, p := range []string{"site", "database", "guestbook"} {
		k.example(p)
	}

	env := k.environment("site")
	k.begin(env, strings.Replace(exampleModel(t, "site"), "It works", "Fish & <b>chips", 1))
	want := map[string]string{
		"":           "./'publish.sh' ",
		"publish.sh": exampleFile(t, "site/Resources/scripts/publish.sh"),
		"page.html":  strings.ReplaceAll(exampleFile(t, "site/Resources/page.html"), "%TITLE%", "Fish &amp; &lt;b>chips"),
	}
	if d := cmp.Diff(want, k.carryOut(agents, env, "3d4e5f60718293a4b5c6d7e8f9012a3b")); d != "" {
		t.Error(d)
	}
	k.expectStatus(env, "ready")

	env = k.environment("guestbook")
	k.begin(env, exampleModel(t, "guestbook"))
	const database, guestbook = "5f60718293a4b5c6d7e8f9012a3b4c5d", "718293a4b5c6d7e8f9012a3b4c5d6e7f"
	want = map[string]string{"": "./'install.sh' ", "install.sh": exampleFile(t, "database/Resources/scripts/install.sh")}
	if d := cmp.Diff(want, k.carryOut(agents, env, database)); d != "" {
		t.Error(d)
	}
	want = map[string]string{
		"":                   "./'create-database.sh' guestbook guestbook",
		"create-database.sh": exampleFile(t, "database/Resources/scripts/create-database.sh"),
		"password":           "change me, please",
	}
	if d := cmp.Diff(want, k.carryOut(agents, env, database)); d != "" {
		t.Error(d)
	}
	files := k.carryOut(agents, env, guestbook)
	k.expectStatus(env, "ready")
	address := k.appOf(env, "hearth.examples.Database")["address"].(string)
	conf := "host=" + address + "\nport=5432\ndatabase=guestbook\nuser=guestbook\npassword=change me, please\ntitle=Our guests"
	if files["guestbook.conf"] != conf || files["guestbook.py"] != exampleFile(t, "guestbook/Resources/scripts/guestbook.py") || len(files) != 5 {
		t.Error(files)
	}
}
