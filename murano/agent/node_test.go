package agent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/core/store/storetest"
)

// A server boots with the script alone and carries out what it is offered, in its order.
func TestServerCarriesOutPlans(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	n := boot(t, "#!/bin/sh\nset -eu\n"+k.bootstrap("q"))
	k.offer("q", "ready", `{"FormatVersion": "2.0.0", "Body": "return", "Scripts": {}}`)
	k.wantBody("q", "ready", "null")

	k.offer("q", "one", `{"FormatVersion": "2.0.0", "Name": "Two scripts", "Parameters": {"word": "it's \"$HOME\" \\ %s"},
		"Body": "first = put('one', )\nif first.exitCode == 0:\n  return show('\\'{0}\\' \"a  b\"'.format('x y')).stdout + '/' + str(first.stdout)\n",
		"Files": {"a": {"Name": "dir/put it.sh", "BodyType": "Text", "Body": "#!/bin/sh\nprintf 'kept' > state\numask\ncat ../lib.txt"},
			"b": {"Name": "lib.txt", "BodyType": "Base64", "Body": "AAH/IGxpYgo="},
			"c": {"Name": "show.sh", "BodyType": "Text", "Body": "#!/bin/sh\necho \"$#:$1:$2\"\n"}},
		"Scripts": {"put": {"Type": "Application", "EntryPoint": "a", "Files": ["b"]}, "show": {"Type": "Application", "EntryPoint": "c"}}}`)
	k.wantBody("q", "one", "\"2:x y:a  b/0022\\n\\u0000\\u0001\uFFFD lib\"")

	k.offer("q", "quotes", onePlan("return run(\"'{0}'\".format(args.word.replace(\"'\", \"'\\\\''\")))", "#!/bin/sh\necho \"$1\"; echo \"to stderr\" >&2\n"))
	k.wantBody("q", "quotes", `{"exitCode":0,"stderr":"to stderr","stdout":"it's \"$HOME\""}`)

	k.offer("q", "big", onePlan("return run().stdout", "#!/bin/sh\nyes 0123456 | head -c 3000000; echo end\n"))
	if a := k.result("q", "big"); len(a.Body.(string)) < 1<<20-10 || len(a.Body.(string)) > 1<<20 || !strings.HasSuffix(a.Body.(string), "0123456\nend") {
		t.Error("the end of a big output is", len(a.Body.(string)))
	}

	plans, err := filepath.Glob(filepath.Join(n.dir, "*", "plans", "*"))
	if err != nil || len(plans) > 1 { // the last goes when the agent has its answer
		t.Error("the directories of plans stay:", plans, err)
	}
	if err := k.Revoke(t.Context(), k.env, "q"); err != nil {
		t.Fatal(err)
	}
	n.ended()
}

// A script that fails is told with its output and the end of the server's log.
func TestScriptFails(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	boot(t, k.bootstrap("q"))
	failing := "#!/bin/sh\necho out; i=0; while [ $i -lt 9000 ]; do echo 'line of the log'; i=$((i+1)); done; echo 'no such thing' >&2; exit 3\n"
	k.offer("q", "fails", onePlan("return run().stdout", failing, `"captureStdout": false`))
	a := k.result("q", "fails")
	body := a.Body.(map[string]any)
	if a.ErrorCode != 100 || body["Message"] != "Script run returned error code" {
		t.Error(a)
	}
	info := body["AdditionalInfo"].(map[string]any)
	if info["exitCode"] != 3.0 || info["stdout"] != nil || info["stderr"] != "no such thing" {
		t.Error(info)
	}
	if log := body["Log"].(string); len(log) > 64<<10 || len(log) < 60<<10 || !strings.HasSuffix(log, "no such thing\n") {
		t.Error("the log has", len(log), log[max(len(log)-100, 0):])
	}
	k.offer("q", "ignored", onePlan("return run().exitCode", "exit 4\n", `"verifyExitcode": false`))
	k.wantBody("q", "ignored", "4")
	k.offer("q", "chef", `{"FormatVersion": "2.1.0", "Body": "return recipe(args).stdout", "Files": {}, "Scripts": {"recipe": {"Type": "Chef", "EntryPoint": "a::b"}}}`)
	if a := k.result("q", "chef"); a.ErrorCode != 100 || !strings.Contains(a.body(), "Script recipe is of type Chef; the agent runs scripts of type Application") {
		t.Error(a)
	}
}

// The service may go away and come back; the agent may be killed, and begins again with what
// it was at.
func TestRestarts(t *testing.T) {
	k := start(t, storetest.Open(t, storetest.SQLite(t)))
	n := boot(t, k.bootstrap("q"))
	began, goOn := filepath.Join(n.dir, "began"), filepath.Join(n.dir, "go on")
	k.offer("q", "long", onePlan("return run().stdout", "#!/bin/sh\necho x >>'"+began+"'\nuntil [ -e '"+goOn+"' ]; do sleep 0.05; done\necho done\n"))
	await(t, began)
	k.stop()
	if err := os.WriteFile(goOn, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k.serve()
	k.wantBody("q", "long", `"done"`)
	if b, err := os.ReadFile(began); err != nil || string(b) != "x\n" {
		t.Errorf("the script ran again: %q %v", b, err)
	}

	n.kill()
	<-n.done
	k.offer("q", "next", onePlan("return run('again').stdout", "#!/bin/sh\necho \"$1\"\n"))
	n.begin("/bin/sh", filepath.Join(n.dir, "user-data"))
	k.wantBody("q", "next", `"again"`)
}

// await waits for a file.
func await(t *testing.T, file string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(file); err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("there is no", file)
		}
	}
}
