package catalog_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hearth/murano/catalog"
)

// A directory with a template alone becomes a package, with what cannot be in one left out.
func TestPackTemplate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my_web-shop")
	if err := os.MkdirAll(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"template.yaml": "heat_template_version: 2018-08-31\ndescription: A shop\nresources: {}\n", ".git/config": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	data, problems, err := catalog.Pack(dir, catalog.Generated{Author: "me"})
	if err != nil || len(problems) != 1 || problems[0].Entry != "link" {
		t.Fatal(problems, err)
	}
	if _, err := catalog.Build(dir); err == nil || err.Error() != `Incorrect package format: "link" is not a regular file` {
		t.Error(err)
	}
	a, problems := catalog.Inspect(data, catalog.DefaultLimits)
	if len(problems) > 0 || !slices.Equal(a.Names(), []string{"manifest.yaml", "template.yaml"}) {
		t.Fatal(problems, a.Names())
	}
	manifest, err := a.Read("manifest.yaml")
	want := "Author: me\nDescription: A shop\nFormat: Heat.HOT/1.0\nFullName: io.murano.apps.generated.MyWebShop\nName: my_web-shop\nTags:\n- Heat-generated\nType: Application\n"
	if err != nil || string(manifest) != want {
		t.Errorf("%s %v", manifest, err)
	}
	if err := catalog.Check(a); err != nil {
		t.Error(err)
	}
}
