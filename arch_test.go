// Package hearth_test holds the arrows of the architecture: who may import whom. It reads
// the imports itself, so that its result is never a cached one of other files.
package hearth_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers, innermost first: a package imports only what stands before it. Packages of one
// line do not import each other, unless the line says so with a trailing "+".
var layers = []string{
	"core",
	"core/graph core/regex core/yaml migrations",
	"core/diag",
	"core/schema",
	"core/yaql/syntax",
	"core/yaql core/yaql/std +",
	"core/function",
	"core/template",
	"core/cloud core/store",
	"core/resource",
	"core/collect core/scaling core/waitsignal",
	"core/job",
	"core/plan",
	"core/converge",
	"core/engine core/simcloud",
	"core/policy",
	"core/httpapi",
	"heat/v1 heat/cfn",
	"murano murano/version",
	"murano/muranopl/syntax",
	"murano/muranopl",
	"murano/library murano/patch murano/store",
	"murano/native",
	"murano/agent murano/catalog murano/statistics",
	"murano/environment",
	"murano/testrunner murano/validate",
	"murano/api",
	"murano/broker",
	"openapi",
	"cmd/hearth",
}

// outside are rings that hang on one layer and are known to nobody but cmd (and tests):
// prefix → the outermost layer that they may import.
var outside = map[string]string{
	"core/resource/": "core/scaling",
}

// testKits are imported by tests alone.
var testKits = []string{"core/store/storetest", "core/engine/enginetest", "core/resource/resourcetest", "core/converge/scenariotest", "core/httpapi/exchangetest", "core/httpapi/recordedtest"}

func TestArrows(t *testing.T) {
	rank := map[string]int{}
	sameLine := map[int]bool{}
	for i, line := range layers {
		for _, p := range strings.Fields(line) {
			if p == "+" {
				sameLine[i] = true
				continue
			}
			rank[p] = i
		}
	}
	for file, imports := range goFiles(t) {
		pkg := filepath.ToSlash(filepath.Dir(file))
		isTest := strings.HasSuffix(file, "_test.go") || slices.Contains(testKits, pkg) || pkg == "bench"
		for _, imp := range imports {
			to, ours := strings.CutPrefix(imp, "hearth/")
			if !ours || isTest || pkg == "." {
				continue
			}
			if reason := forbidden(rank, sameLine, pkg, to); reason != "" {
				t.Errorf("%s imports %s: %s", file, to, reason)
			}
		}
	}
}

func forbidden(rank map[string]int, sameLine map[int]bool, from, to string) string {
	if slices.Contains(testKits, to) {
		return "a test kit is for tests"
	}
	if from == "cmd/hearth" {
		return ""
	}
	for prefix, anchor := range outside {
		if strings.HasPrefix(to, prefix) && to != from {
			return "only cmd knows the resource families"
		}
		if strings.HasPrefix(from, prefix) {
			if r, ok := rank[to]; !ok || r > rank[anchor] || to == "core/store" {
				return "a resource family knows the contract and what is inside it"
			}
			return ""
		}
	}
	if strings.HasPrefix(from, "murano") && strings.HasPrefix(to, "heat/") {
		return "heat and murano do not know each other"
	}
	a, ok := rank[from]
	if !ok {
		return from + " has no place in the layers: give it one in arch_test.go"
	}
	b, ok := rank[to]
	switch {
	case !ok:
		return to + " has no place in the layers: give it one in arch_test.go"
	case b > a:
		return "the arrow points outward"
	case b == a && !sameLine[a]:
		return "neighbours do not know each other"
	}
	return ""
}

// No interpreter of expressions reaches the system: no process, no file, no network.
func TestExpressionsAreClosedIn(t *testing.T) {
	closed := []string{"core/yaql", "core/function", "core/template", "core/plan", "murano/muranopl"}
	denied := []string{"os", "os/exec", "net", "net/http", "syscall", "unsafe", "plugin"}
	for file, imports := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") || !slices.ContainsFunc(closed, func(p string) bool { return strings.HasPrefix(filepath.ToSlash(file), p+"/") }) {
			continue
		}
		for _, imp := range imports {
			if slices.Contains(denied, imp) {
				t.Errorf("%s imports %s", file, imp)
			}
		}
	}
}

// goFiles gives the imports of every Go file of the tree.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "tools" || d.Name() == "var" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, s := range f.Imports {
			imp, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			out[path] = append(out[path], imp)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
