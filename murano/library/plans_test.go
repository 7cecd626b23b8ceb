package library_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hearth/murano/library"
	"hearth/murano/muranopl"
)

// plan is what an agent is sent.
type plan struct {
	Name, Body string
	Parameters map[string]string
	Scripts    map[string]struct {
		EntryPoint string
		Files      []string
		Options    map[string]bool
	}
	Files map[string]struct{ Name, BodyType, Body string }
}

func TestCommandsAndFilesForAgents(t *testing.T) {
	k := start(t)
	k.must(k.deploy(environment(`{"?": {"id": "app", "type": "demo.Commands"}, "instance": ` + instance("vm", "LinuxMuranoInstance", image) + `}`)))
	if len(k.plans) != 2 {
		t.Fatal(k.plans)
	}
	var put, run plan
	for text, p := range map[string]*plan{k.plans[0]: &put, k.plans[1]: &run} {
		if err := json.Unmarshal([]byte(text), p); err != nil {
			t.Fatal(text, err)
		}
	}
	script := put.Scripts["putFile"]
	content := put.Files[script.Files[0]]
	if body, err := base64.StdEncoding.DecodeString(content.Body); put.Name != "Put to /etc/motd" || put.Parameters["path"] != "/etc/motd" ||
		content.Name != "content" || content.BodyType != "Base64" || string(body) != "greeting" || err != nil || !script.Options["verifyExitcode"] {
		t.Error(k.plans[0])
	}
	if put.Files[script.EntryPoint].Name != "putFile.sh" {
		t.Error(k.plans[0])
	}
	script = run.Scripts["runCommand"]
	if command := run.Files[script.EntryPoint]; run.Name != "Look" || command.Body != "cat /etc/motd" || script.Options["verifyExitcode"] || !script.Options["captureStdout"] {
		t.Error(k.plans[1])
	}
}

func TestPutFileScript(t *testing.T) {
	src, err := library.Source(muranopl.NewLanguage(nil, nil, nil), "io.murano")
	if err != nil {
		t.Fatal(err)
	}
	script, err := src.Resource("scripts/putFile.sh")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, body := range map[string]string{"putFile.sh": string(script), "content": "greeting"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(dir, "a new", "folder", "motd")
	run := exec.Command("sh", "putFile.sh", target)
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatal(string(out), err)
	}
	if body, err := os.ReadFile(target); string(body) != "greeting" {
		t.Error(string(body), err)
	}
}
