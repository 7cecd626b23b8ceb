package validate_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/plan"
	"hearth/core/resource"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/murano/catalog"
	"hearth/murano/validate"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func types(t *testing.T) *plan.Types {
	t.Helper()
	registry, err := resource.NewRegistry(heat.Types, neutron.Types, nova.Types)
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Types{Registry: registry, Yaql: plan.Yaql}
}

// open packs a directory, whatever is in it.
func open(t *testing.T, dir string) *catalog.Archive {
	t.Helper()
	data, problems, err := catalog.Pack(dir, catalog.Generated{})
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	a, problems := catalog.Inspect(data, catalog.DefaultLimits)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return a
}

// check gives the problems of a package as they are shown.
func check(t *testing.T, a *catalog.Archive, o validate.Options) string {
	t.Helper()
	o.Types = types(t)
	var out strings.Builder
	for _, d := range validate.Archive(t.Context(), a, o) {
		text, _ := a.Read(d.File)
		if err := d.Write(&out, string(text)); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// What is written in this tree has nothing wrong.
func TestSoundPackages(t *testing.T) {
	for _, dir := range []string{"../library/io.murano", "../library/io.murano.applications", "../../examples/packages/hot-web", "../../examples/packages/hot-random",
		"testdata/sound", "../testrunner/testdata/bank"} {
		if got := check(t, open(t, dir), validate.Options{}); got != "" {
			t.Errorf("%s:\n%s", dir, got)
		}
	}
}

// Each directory in testdata/broken is a package with faults, and has what is said of them beside it.
func TestBrokenPackages(t *testing.T) {
	for _, name := range []string{"manifest", "class", "inherit", "ui", "hot"} {
		dir := filepath.Join("testdata/broken", name)
		t.Run(name, func(t *testing.T) {
			got := check(t, open(t, dir), validate.Options{})
			file := dir + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequiredPackage(t *testing.T) {
	shop := open(t, "../testrunner/testdata/shop")
	if got := check(t, shop, validate.Options{}); !strings.Contains(got, "manifest.yaml:4:11: warning[not_at_hand]: package bank is not at hand") ||
		!strings.Contains(got, `warning[no_class]: shop.Till.account: Class "bank.Account" is not found`) {
		t.Error(got)
	}
	got := check(t, shop, validate.Options{Required: []*catalog.Archive{open(t, "../testrunner/testdata/bank")}})
	if strings.Contains(got, "bank") || !strings.Contains(got, `error[no_class]: shop.tests.Broken: Class "shop.Gone" is not found`) {
		t.Error(got)
	}
}
