package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/murano/catalog"
)

// files writes a directory of files.
func files(t testing.TB, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// code is the exit code that a command ended with.
func code(t testing.TB, err error) exitCode {
	t.Helper()
	var c exitCode
	if err != nil && !errors.As(err, &c) {
		t.Fatal(err)
	}
	return c
}

const soundClass = "Name: com.Web\nExtends: io.murano.Application\n"

var soundPackage = map[string]string{"manifest.yaml": "Format: 1.4\nType: Application\nFullName: com.Web\nClasses: {com.Web: Web.yaml}\n", "Classes/Web.yaml": soundClass}

func TestPackageBuild(t *testing.T) {
	out := filepath.Join(t.TempDir(), "web.zip")
	build := func(dir string) ([]byte, string, exitCode) {
		var stdout, stderr bytes.Buffer
		err := (&packageBuildCmd{Dir: dir, Output: out, Author: "me", out: &stdout, err: &stderr}).Run(t.Context())
		c := code(t, err)
		b, err := os.ReadFile(out)
		if err != nil && c == 0 {
			t.Fatal(err)
		}
		return b, stderr.String(), c
	}
	first, says, c := build(files(t, soundPackage))
	if c != 0 || says != "" {
		t.Fatal(c, says)
	}
	if second, _, _ := build(files(t, soundPackage)); !bytes.Equal(first, second) {
		t.Error("the same files make two archives")
	}
	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	_, says, c = build(files(t, map[string]string{"manifest.yaml": soundPackage["manifest.yaml"], "Classes/Web.yaml": "Name: com.Web\nExtends: Gone\n"}))
	if c != exitProblems || !strings.Contains(says, filepath.FromSlash("/Classes/Web.yaml:2:10: error[no_class]")) {
		t.Error(c, says)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a package with errors was written")
	}

	made, _, c := build(example(t, "templates"))
	if c == 0 {
		t.Error("a directory without template.yaml and manifest.yaml is a package", made)
	}
	template, err := os.ReadFile(example(t, "templates/random.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	made, says, c = build(files(t, map[string]string{"template.yaml": string(template)}))
	if c != 0 {
		t.Fatal(says)
	}
	pkg, err := catalog.Load(made, catalog.DefaultLimits)
	if err != nil || pkg.Format.Name != catalog.HeatHOT || !strings.HasPrefix(pkg.FullName, "io.murano.apps.generated.") || pkg.Author != "me" ||
		pkg.Tags[0] != "Heat-generated" {
		t.Errorf("%+v %v", pkg, err)
	}
}

func TestPackageValidate(t *testing.T) {
	validated := func(args packageValidateCmd) (string, exitCode) {
		var out bytes.Buffer
		args.out, args.err = &out, &out
		c := code(t, args.Run(t.Context()))
		return out.String(), c
	}
	sound := files(t, soundPackage)
	if out, c := validated(packageValidateCmd{Packages: []string{sound, example(t, "packages/hot-web")}}); c != 0 || strings.Count(out, ": sound\n") != 2 {
		t.Error(c, out)
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, mode := range map[string]fs.FileMode{"../evil": 0o644, "link": fs.ModeSymlink | 0o777} {
		h := &zip.FileHeader{Name: name}
		h.SetMode(mode)
		if _, err := z.CreateHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"manifest.yaml": "FullName: a..b\n", "zeros": strings.Repeat("\x00", 8<<20)} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	evil := filepath.Join(t.TempDir(), "evil.zip")
	if err := os.WriteFile(evil, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, c := validated(packageValidateCmd{Packages: []string{evil}, JSON: true})
	var answer struct {
		Packages []struct {
			Package     string
			Diagnostics []struct {
				Code, File, Message, Hint string
				Line, Column              int
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || c != exitProblems {
		t.Fatal(err, c, out)
	}
	found := map[string]bool{}
	for _, d := range answer.Packages[0].Diagnostics {
		found[d.Code+" "+d.File+" "+d.Message] = true
		if d.Code == "full_name" && d.Message == "Invalid FullName a..b" && (d.Line != 1 || d.Column != 11) {
			t.Error(d)
		}
	}
	for _, want := range []string{`archive ../evil the archive has an entry outside of it: "../evil"`, `archive link the archive has an entry that is neither file nor directory: "link"`,
		`archive zeros "zeros" unpacks to more than 200 times its size`, "full_name manifest.yaml Invalid FullName a..b", "type manifest.yaml Invalid package Type "} {
		if !found[want] {
			t.Errorf("%s is missing in %s", want, out)
		}
	}
	if out, c := validated(packageValidateCmd{Packages: []string{filepath.Join(sound, "nothing.zip")}}); c != exitUnreadable {
		t.Error(c, out)
	}
	if out, c := validated(packageValidateCmd{Packages: []string{filepath.Join(sound, "manifest.yaml")}}); c != exitProblems ||
		!strings.Contains(out, "error[archive]: Uploaded file is not a zip archive") {
		t.Error(c, out)
	}
}

const testClass = `Namespaces: {=: com, tst: io.murano.test, bank: bank}
Name: TestWeb
Extends: tst:TestFixture
Methods:
  testGood:
    Body:
      - $.assertEqual(5, new(bank:Account).deposit(5))
  testBad:
    Body:
      - $.assertEqual(1, 2)
`

func TestPackageTest(t *testing.T) {
	dir := files(t, map[string]string{"manifest.yaml": "Format: 1.4\nType: Library\nFullName: com\nRequire: {bank: 1}\nClasses: {com.TestWeb: Test.yaml}\n", "Classes/Test.yaml": testClass})
	load := []string{filepath.Join("..", "..", "murano", "testrunner", "testdata")}
	tested := func(c packageTestCmd) (string, exitCode) {
		var out bytes.Buffer
		c.out, c.Packages, c.Load, c.Timeout = &out, []string{dir}, load, time.Minute
		ended := code(t, c.Run(t.Context()))
		return out.String(), ended
	}
	out, c := tested(packageTestCmd{})
	want := `com.TestWeb.testGood … ok
com.TestWeb.testBad … FAILED
    testtools.matchers._impl.MismatchError: 1 != 2
    Traceback (most recent call last):
      File "/com/Classes/Test.yaml", line 10:9 in method testBad of type com.TestWeb
          $.assertEqual(1, 2)
`
	if c != exitProblems || !strings.HasPrefix(out, want) || !strings.HasSuffix(out, "2 tests: 1 passed, 1 failed\n") {
		t.Error(c, out)
	}
	out, c = tested(packageTestCmd{Class: []string{"testGood"}, JSON: true})
	var answer struct {
		Failed int
		Tests  []testResult
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || c != 0 || answer.Failed != 0 || len(answer.Tests) != 1 || !answer.Tests[0].Passed {
		t.Error(err, c, out)
	}
}

const cloudTestClass = `Namespaces: {=: com, tst: io.murano.test}
Name: TestCloud
Extends: tst:TestFixture
Methods:
  testSecurityGroups:
    Body:
      - $model:
          Objects:
            '?': {type: io.murano.Environment, id: shop}
            name: shop
            defaultNetworks:
              environment: {'?': {type: io.murano.resources.NeutronNetwork, id: net}, name: net}
              flat: null
      - $environment: $.load($model)
      - $.assertEqual('io.murano.system.NeutronSecurityGroupManager', typeinfo($environment.securityGroupManager).name)
`

// An environment looks at its cloud as soon as it is loaded; tests load environments.
func TestPackageTestSeesACloud(t *testing.T) {
	dir := files(t, map[string]string{"manifest.yaml": "Format: 1.4\nType: Library\nFullName: com\nClasses: {com.TestCloud: Test.yaml}\n", "Classes/Test.yaml": cloudTestClass})
	var out bytes.Buffer
	if c := code(t, (&packageTestCmd{Packages: []string{dir}, Timeout: time.Minute, out: &out}).Run(t.Context())); c != 0 {
		t.Error(c, out.String())
	}
}

func TestPackageImport(t *testing.T) {
	s := newSite(t)
	s.serve()
	for name, value := range s.env {
		t.Setenv(name, value)
	}
	needs := files(t, map[string]string{"manifest.yaml": "Type: Application\nFullName: com.Web\nRequire: {bank: 1}\nClasses: {com.Web: Web.yaml}\n", "Classes/Web.yaml": soundClass})
	packages := []string{needs, filepath.Join("..", "..", "murano", "testrunner", "testdata", "bank")}
	imported := func(action string) (string, error) {
		var out bytes.Buffer
		err := (&packageImportCmd{Packages: packages, Public: true, ExistsAction: action, out: &out}).Run(t.Context())
		return out.String(), err
	}
	out, err := imported("a")
	if lines := strings.Split(out, "\n"); err != nil || len(lines) != 3 || !strings.HasPrefix(lines[0], "imported bank (") || !strings.HasPrefix(lines[1], "imported com.Web (") {
		t.Fatal(out, err)
	}
	if out, err := imported("a"); err == nil || !strings.Contains(err.Error(), "package bank: the project has a package of that name") {
		t.Error(out, err)
	}
	if out, err := imported("s"); err != nil || strings.Count(out, "skipped ") != 2 {
		t.Error(out, err)
	}
	if out, err := imported("u"); err != nil || strings.Count(out, "updated ") != 2 {
		t.Error(out, err)
	}
	var list struct {
		Packages []struct {
			FQN    string `json:"fully_qualified_name"`
			Public bool   `json:"is_public"`
		}
	}
	s.must(http.MethodGet, s.murano+"/catalog/packages?order_by=fqn", nil, &list)
	if len(list.Packages) != 2 || !list.Packages[0].Public || list.Packages[1].FQN != "com.Web" {
		t.Errorf("%+v", list)
	}
	if err := (&packageImportCmd{Packages: packages[:1], Category: []string{"none"}, ExistsAction: "u", out: &bytes.Buffer{}}).Run(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "Category 'none' doesn't exist") {
		t.Error(err)
	}
	s.must(http.MethodGet, s.murano+"/catalog/packages?fqn=com.Web", nil, &list)
	if len(list.Packages) != 1 || !list.Packages[0].Public {
		t.Errorf("what could not be updated is not there any more: %+v", list)
	}
}
