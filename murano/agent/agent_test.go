package agent_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/store/storetest"
	"hearth/murano/agent"
	"hearth/murano/store"
)

// A token is good for one queue, until it is revoked; an outcome is taken once.
func TestWhoIsLetIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *corestore.Store) {
		k := start(t, st)
		script := k.bootstrap("q")
		if again := k.bootstrap("q"); again != script {
			t.Error("the script of a server changes:", again)
		}
		s, other := connect(t, script), connect(t, k.bootstrap("r"))
		k.offer("q", "p", onePlan("return run('a').stdout + run('b').stdout", "echo"))
		path, first := s.step()
		if _, same := s.step(); same != first {
			t.Error("who asks again gets", same)
		}

		foreign := &server{t, s.url, other.token}
		for _, who := range []*server{foreign, {t, s.url, ""}, {t, s.url, s.token + "x"}, {t, s.url[:len(s.url)-1] + "x", s.token}} {
			if status, _ := who.call("GET", "/next", "", ""); status != http.StatusForbidden {
				t.Error("a foreign token reads plans:", status)
			}
			if status := who.post(path, "0", "forged", ""); status != http.StatusForbidden {
				t.Error("a foreign token answers:", status)
			}
			if status, _ := who.call("POST", "/log", "text/plain", "forged"); status != http.StatusForbidden {
				t.Error("a foreign token logs:", status)
			}
		}
		if status := other.post(path, "0", "forged", ""); status != http.StatusForbidden {
			t.Error("another queue's plan is answered:", status)
		}

		if status := s.post(path, "0", "1\n", ""); status != http.StatusOK {
			t.Error("first step:", status)
		}
		if status := s.post(path, "0", "replayed", ""); status != http.StatusForbidden {
			t.Error("an outcome is taken twice:", status)
		}
		path, _ = s.step()
		if status := s.post(path, "0", "2", ""); status != http.StatusNoContent {
			t.Error("last step:", status)
		}
		if status := s.post(path, "0", "replayed", ""); status != http.StatusForbidden {
			t.Error("an answered plan is answered again:", status)
		}
		k.wantBody("q", "p", `"12"`)

		k.offer("q", "p", onePlan("return run('other').stdout", "echo"))
		k.wantBody("q", "p", `"12"`)

		waiting := make(chan int, 1)
		go func() {
			status, _ := s.call("GET", "/next", "", "")
			waiting <- status
		}()
		if err := k.Revoke(t.Context(), k.env, "q"); err != nil {
			t.Fatal(err)
		}
		if status := <-waiting; status != http.StatusForbidden {
			t.Error("who waits is not told:", status)
		}
		if status, _ := s.call("POST", "/log", "text/plain", "late"); status != http.StatusForbidden {
			t.Error("a revoked server logs:", status)
		}
		if _, err := k.Result(t.Context(), k.env, "q", "p"); core.ErrorCode(err) != core.NotFound {
			t.Error(err)
		}
		if err := k.Revoke(t.Context(), k.env, "q"); err != nil {
			t.Error("revoked again:", err)
		}
		if next := connect(t, k.bootstrap("q")); next.url == s.url || next.token == s.token {
			t.Error("the next server of that name has the same token")
		}

		if err := st.Write(t.Context(), func(ctx context.Context, tx *corestore.Tx) error {
			_, err := store.DeleteEnvironment(ctx, tx, k.env)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if status, _ := other.call("GET", "/next", "", ""); status != http.StatusForbidden {
			t.Error("the environment is gone, and its server reads plans:", status)
		}
		if err := k.Offer(t.Context(), k.env, "q", "p", []byte("{}")); core.ErrorCode(err) != core.NotFound {
			t.Error(err)
		}
	})
}

// What servers post is bounded and checked.
func TestBadPosts(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	s := connect(t, k.bootstrap("q"))
	k.offer("q", "p", onePlan("return run().stdout", "echo"))
	path, _ := s.step()
	for name, status := range map[string]int{
		"no code":   s.post(path, "", "", ""),
		"no number": s.post(path[:strings.LastIndex(path, "/")]+"/x", "0", "", ""),
	} {
		if status != http.StatusBadRequest {
			t.Error(name, status)
		}
	}
	if status, _ := s.call("POST", path, "application/json", "{}"); status != http.StatusBadRequest {
		t.Error("JSON:", status)
	}
	if status, _ := s.call("POST", path, "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--x--\r\n"); status != http.StatusBadRequest {
		t.Error("an unknown field:", status)
	}
	if status := s.post(path, "0", strings.Repeat("x", 3<<20), ""); status != http.StatusRequestEntityTooLarge {
		t.Error("3 MiB:", status)
	}
	if status, _ := s.call("POST", "/log", "text/plain", strings.Repeat("x", 3<<20)); status != http.StatusRequestEntityTooLarge {
		t.Error("a log of 3 MiB:", status)
	}
	if status := s.post("/plans/none/steps/0", "0", "", ""); status != http.StatusForbidden {
		t.Error("no such plan:", status)
	}
	if status := s.post(path, "0", "\xff\x00$1$", ""); status != http.StatusNoContent {
		t.Error(status)
	}
	k.wantBody("q", "p", "\"\uFFFD\\u0000$1$\"")
}

// Of several processes on one database each serves whom it has.
func TestSeveralProcesses(t *testing.T) {
	st := storetest.Open(t, storetest.Postgres(t))
	k := start(t, st)
	program := agent.New(agent.Config{Store: st, URL: "http://" + k.address + "/agent/v1"})
	program.Start()
	t.Cleanup(program.Stop)
	script, err := program.Bootstrap(t.Context(), k.env, "q")
	if err != nil {
		t.Fatal(err)
	}
	s := connect(t, script)
	asked := make(chan string, 1)
	go func() {
		path, _ := s.step()
		asked <- path
	}()
	if err := program.Offer(t.Context(), k.env, "q", "p", []byte(onePlan("return run().exitCode", "echo"))); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := program.Result(t.Context(), k.env, "q", "p")
		answered <- err
	}()
	if status := s.post(<-asked, "0", "", ""); status != http.StatusNoContent {
		t.Error(status)
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
}

// Who waits for a result is let go with its context, and with the service.
func TestResultEnds(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	k.offer("q", "p", onePlan("return run()", "echo"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := k.Result(ctx, k.env, "q", "p"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := k.Result(t.Context(), k.env, "q", "p")
		done <- err
	}()
	k.Service.Stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
