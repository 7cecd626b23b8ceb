package agent_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano"
	"hearth/murano/agent"
	"hearth/murano/store"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// kit is a Service behind a listener, with an environment.
type kit struct {
	t       *testing.T
	store   *corestore.Store
	env     string
	address string
	server  *http.Server
	*agent.Service
}

func start(t *testing.T, st *corestore.Store) *kit {
	t.Helper()
	k := &kit{t: t, store: st, env: newEnvironment(t, st), address: "127.0.0.1:0"}
	k.serve()
	t.Cleanup(k.stop)
	return k
}

func newEnvironment(t *testing.T, st *corestore.Store) string {
	t.Helper()
	e := &murano.Environment{ID: murano.NewID(), TenantID: "p", Name: murano.NewID(), Model: json.RawMessage("{}"), CreatedAt: store.Now(), UpdatedAt: store.Now()}
	if err := st.Write(t.Context(), func(ctx context.Context, tx *corestore.Tx) error { return store.CreateEnvironment(ctx, tx, e) }); err != nil {
		t.Fatal(err)
	}
	return e.ID
}

// serve listens where it has listened before, if it has.
func (k *kit) serve() {
	k.t.Helper()
	socket, err := net.Listen("tcp", k.address)
	if err != nil {
		k.t.Fatal(err)
	}
	k.address = socket.Addr().String()
	k.Service = agent.New(agent.Config{Store: k.store, URL: "http://" + k.address + "/agent/v1", Log: slog.New(slog.DiscardHandler)})
	k.Service.Start()
	root := chi.NewRouter()
	root.Mount("/agent/v1", k.Handler())
	k.server = &http.Server{Handler: root}
	go func() { _ = k.server.Serve(socket) }()
}

func (k *kit) stop() {
	k.Service.Stop()
	_ = k.server.Close()
}

func (k *kit) bootstrap(queue string) string {
	k.t.Helper()
	script, err := k.Bootstrap(k.t.Context(), k.env, queue)
	if err != nil {
		k.t.Fatal(err)
	}
	return script
}

func (k *kit) offer(queue, id, plan string) {
	k.t.Helper()
	if err := k.Offer(k.t.Context(), k.env, queue, id, []byte(plan)); err != nil {
		k.t.Fatal(err)
	}
}

// answer is what an agent says of a plan.
type answer struct {
	FormatVersion, ID, SourceID, Action, Time string
	ErrorCode                                 int
	Body                                      any
}

func (a answer) body() string {
	b, _ := json.Marshal(a.Body)
	return string(b)
}

// result waits for the answer to a plan.
func (k *kit) result(queue, id string) answer {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), 20*time.Second)
	defer cancel()
	b, err := k.Result(ctx, k.env, queue, id)
	if err != nil {
		k.t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(b, &a); err != nil {
		k.t.Fatal(err)
	}
	if a.SourceID != id || a.FormatVersion != "2.0.0" || a.Action != "Execution:Result" || a.ID == "" || a.Time == "" {
		k.t.Errorf("answer to %s: %s", id, b)
	}
	return a
}

// wantBody waits for a plan to be carried out with success.
func (k *kit) wantBody(queue, id, want string) {
	k.t.Helper()
	if a := k.result(queue, id); a.ErrorCode != 0 || a.body() != want {
		k.t.Errorf("%s: %d %s; want %s", id, a.ErrorCode, a.body(), want)
	}
}

// node is a server that has booted with a script; Wait ends when its agent does.
type node struct {
	t    *testing.T
	dir  string
	cmd  *exec.Cmd
	done chan error
}

// boot runs a script with /bin/sh as cloud-init would, in a directory of its own.
func boot(t *testing.T, script string) *node {
	t.Helper()
	n := &node{t: t, dir: t.TempDir(), done: make(chan error, 1)}
	file := filepath.Join(n.dir, "user-data")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	n.begin("/bin/sh", file)
	return n
}

// begin runs a command of the node's; its whole process group ends with the test.
func (n *node) begin(name string, args ...string) {
	n.t.Helper()
	n.cmd = exec.Command(name, args...)
	n.cmd.Env = append(os.Environ(), "HEARTH_AGENT_DIR="+filepath.Join(n.dir, "it's here"), "HEARTH_AGENT_PAUSE=0.05")
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	cmd, done := n.cmd, n.done
	go func() { done <- cmd.Wait() }()
	n.t.Cleanup(n.kill)
}

func (n *node) kill() { _ = syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL) }

// ended waits until the agent has ended by itself.
func (n *node) ended() {
	n.t.Helper()
	select {
	case err := <-n.done:
		if err != nil {
			n.t.Error(err)
		}
	case <-time.After(20 * time.Second):
		n.t.Error("the agent goes on")
	}
}

var credentials = regexp.MustCompile(`(?m)^# hearth-agent 1\nHEARTH_AGENT_URL='(.*)'\nHEARTH_AGENT_TOKEN='(.*)'$`)

// server is a server's side of the protocol, by hand.
type server struct {
	t          *testing.T
	url, token string
}

func connect(t *testing.T, script string) *server {
	t.Helper()
	m := credentials.FindStringSubmatch(script)
	if m == nil {
		t.Fatal(script)
	}
	return &server{t, m[1], m[2]}
}

func (s *server) call(method, path, kind, body string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", kind)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// step asks for the next step and gives its address and text.
func (s *server) step() (path, text string) {
	s.t.Helper()
	status, text := s.call("GET", "/next", "", "")
	f := strings.Fields(text)
	if status != 200 || len(f) < 4 || f[1] != "hearth-step" {
		s.t.Fatal(status, text)
	}
	return "/plans/" + f[2] + "/steps/" + f[3], text
}

// post posts the outcome of a step and gives the status.
func (s *server) post(path, code, stdout, stderr string) int {
	s.t.Helper()
	var b strings.Builder
	for name, v := range map[string]string{"code": code, "stdout": stdout, "stderr": stderr} {
		b.WriteString("--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + v + "\r\n")
	}
	status, _ := s.call("POST", path, "multipart/form-data; boundary=x", b.String()+"--x--\r\n")
	return status
}

// onePlan is a plan of one script.
func onePlan(body, text string, more ...string) string {
	b, _ := json.Marshal(text)
	c, _ := json.Marshal(body)
	return `{"FormatVersion": "2.0.0", "Name": "One plan", "Body": ` + string(c) + `, "Parameters": {"word": "it's \"$HOME\""},
		"Files": {"f": {"Name": "run.sh", "BodyType": "Text", "Body": ` + string(b) + `}},
		"Scripts": {"run": {"Type": "Application", "Version": "1.0.0", "EntryPoint": "f", "Options": {` + strings.Join(more, "") + `}}}}`
}

// commandOf is the command line of a step: the name of its script and the rest.
func commandOf(t *testing.T, step string) string {
	t.Helper()
	_, name, _ := strings.Cut(step, "# script ")
	name, _, _ = strings.Cut(name, "\n")
	_, text, found := strings.Cut(step, "command=$(base64 -d <<'END'\n")
	text, _, _ = strings.Cut(text, "\nEND\n")
	command, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil || !found {
		t.Fatal(err, step)
	}
	return strings.TrimSuffix(name+" "+strings.TrimPrefix(string(command), "./'f' "), " ")
}
