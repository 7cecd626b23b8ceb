package catalog_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/yaml"
	"hearth/murano/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type entry struct {
	name string
	data string
	mode fs.FileMode
}

func zipOf(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

const hotManifest = "Format: Heat.HOT/1.0\nType: Application\nFullName: t.Hot\n"

// What is not a package says so, in words for who uploaded it.
func TestLoadErrors(t *testing.T) {
	manifest := func(text string) []byte { return zipOf(t, entry{name: "manifest.yaml", data: text}) }
	hot := func(more ...entry) []byte {
		return zipOf(t, append([]entry{{name: "manifest.yaml", data: hotManifest}}, more...)...)
	}
	good := entry{name: "manifest.yaml", data: "FullName: t.A\nType: Library\n"}
	for _, x := range []struct {
		name string
		data []byte
		want string
	}{
		{"no zip", []byte("hello"), "Incorrect package format: Uploaded file is not a zip archive"},
		{"cut off", zipOf(t, good)[:60], "Incorrect package format: Uploaded file is not a zip archive"},
		{"nothing", zipOf(t), "Unable to find package manifest"},
		{"manifest below", zipOf(t, entry{name: "x/manifest.yaml"}), "Unable to find package manifest"},
		{"parent", zipOf(t, good, entry{name: "../evil"}), `the archive has an entry outside of it: "../evil"`},
		{"parent inside", zipOf(t, good, entry{name: "a/../../evil"}), `the archive has an entry outside of it: "a/../../evil"`},
		{"absolute", zipOf(t, good, entry{name: "/etc/passwd"}), `the archive has an entry outside of it: "/etc/passwd"`},
		{"backslash", zipOf(t, good, entry{name: `..\evil`}), `the archive has an entry outside of it: "..\\evil"`},
		{"link", zipOf(t, good, entry{name: "link", data: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), `neither file nor directory: "link"`},
		{"device", zipOf(t, good, entry{name: "dev", mode: fs.ModeDevice}), `neither file nor directory: "dev"`},
		{"twice", zipOf(t, good, entry{name: "a"}, entry{name: "./a"}), `the archive has two entries named "./a"`},
		{"bomb", zipOf(t, good, entry{name: "zeros", data: strings.Repeat("\x00", 8<<20)}), `"zeros" unpacks to more than 200 times its size`},
		{"YAML", manifest("a: [b"), "Unable to load due to '"},
		{"no mapping", manifest("- a"), "Incorrect package format: the manifest is not a mapping"},
		{"format", manifest("Format: 9.9\nFullName: a.b\n"), "Incorrect package format: Unsupported format MuranoPL/9.9"},
		{"other format", manifest("Format: TOSCA.CSAR/1.1.0\n"), "Unsupported format TOSCA.CSAR/1.1.0"},
		{"no version", manifest("Format: Heat.HOT\n"), "Unsupported format Heat.HOT"},
		{"no name", manifest("Type: Library\n"), "Incorrect package format: FullName is not specified"},
		{"bad name", manifest("FullName: a-b\n"), "Incorrect package format: Invalid FullName a-b"},
		{"dots", manifest("FullName: a..b\n"), "Invalid FullName a..b"},
		{"dot first", manifest("FullName: .a\n"), "Invalid FullName .a"},
		{"version", manifest("FullName: a\nVersion: x\n"), "Version string lacks a numerical component: 'x'"},
		{"type", manifest("FullName: a\nType: Toy\n"), "Incorrect package format: Invalid package Type Toy"},
		{"no type", manifest("FullName: a\n"), "Invalid package Type None"},
		{"tags", manifest("FullName: a\nType: Library\nTags: 5\n"), "Tags is not a list"},
		{"logo", zipOf(t, good, entry{name: "logo.png", data: "x"}), "Unable to load logo: logo: Unsupported Format. Only png, jpeg, gif allowed"},
		{"no logo", manifest("FullName: a\nType: Library\nLogo: l.png\n"), "Unable to load logo: there is no file l.png"},
		{"logo outside", manifest("FullName: a\nType: Library\nLogo: ../../etc/passwd\n"), "Unable to load logo: there is no file"},
		{"large logo", zipOf(t, good, entry{name: "logo.png", data: "GIF89a" + strings.Repeat("x", 512000)}), "Uploaded image size 512006 is too large. Max allowed size is 512000"},
		{"no template", hot(), `Unable to load class "t.Hot" from package: File with class definition not found`},
		{"template", hot(entry{name: "template.yaml", data: "{"}), "Incorrect package format: template.yaml: "},
		{"no resources", hot(entry{name: "template.yaml", data: "heat_template_version: 2016-10-14\n"}), "Incorrect package format: Not a HOT template"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := catalog.Load(x.data, catalog.DefaultLimits)
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%v; want %s", err, x.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	data := zipOf(t, entry{name: "manifest.yaml", data: "FullName: t.A\nType: Library\n"}, entry{name: "a", data: "12345"}, entry{name: "b", data: "12345"})
	for _, x := range []struct {
		limits catalog.Limits
		want   string
	}{
		{catalog.Limits{Entries: 2, Size: 100, FileSize: 100, Ratio: 100}, "the archive has 3 entries, at most 2 are allowed"},
		{catalog.Limits{Entries: 3, Size: 35, FileSize: 100, Ratio: 100}, "the archive unpacks to more than 35 bytes"},
		{catalog.Limits{Entries: 3, Size: 100, FileSize: 20, Ratio: 100}, `"manifest.yaml" unpacks to more than 20 bytes`},
		{catalog.Limits{Entries: 3, Size: 100, FileSize: 100, Ratio: 100}, "<nil>"},
	} {
		_, err := catalog.Load(data, x.limits)
		if got := "<nil>"; err != nil && !strings.Contains(err.Error(), x.want) || err == nil && x.want != got {
			t.Errorf("%+v: %v", x.limits, err)
		}
	}
}

// A header that lies about the size of its file is found out when the file is read.
func TestLyingHeader(t *testing.T) {
	data := zipOf(t, entry{name: "manifest.yaml", data: strings.Repeat("# long\n", 1000)})
	i := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[i+24:], []byte{1, 0, 0, 0}) // uncompressed size, in the directory
	if _, err := catalog.Load(data, catalog.DefaultLimits); err == nil || !strings.Contains(err.Error(), `"manifest.yaml" is damaged`) {
		t.Error(err)
	}
}

func TestManifest(t *testing.T) {
	p, err := catalog.Load(zipOf(t,
		entry{name: "manifest.yaml", data: "Format: 1.0\nType: Application\nFullName: t.App\nVersion: 1\nClasses:\n  t.App: a.yaml\n  t.More: b.yaml\nTags: [x, 1]\nUI: f.yaml\n"},
		entry{name: "UI/", mode: fs.ModeDir | 0o755}, entry{name: "UI/f.yaml", data: "form"}), catalog.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	type summary struct {
		Format                                 catalog.Format
		Name, Version, Description, Author, UI string
		Tags, Classes                          []string
		Supplier                               string
	}
	want := summary{catalog.Format{Name: "MuranoPL", Version: "1.0.0"}, "t.App", "1.0.0", "The description is not provided", "OpenStack", "form",
		[]string{"x", "1"}, []string{"t.App", "t.More"}, "{}"}
	got := summary{p.Format, p.Name, p.Version, p.Description, p.Author, string(p.UI), p.Tags, p.Classes, string(p.Supplier)}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestHOT(t *testing.T) {
	p, err := catalog.Load(zipOf(t,
		entry{name: "manifest.yaml", data: hotManifest + "UI: mine.yaml\n"}, entry{name: "UI/mine.yaml", data: "ignored"},
		entry{name: "template.yaml", data: "parameters: {a: {type: string}}\nresources: {}\noutputs: {o: {value: 1}}\n"},
		entry{name: "Resources/HotFiles/x.sh", data: "echo"}, entry{name: "Resources/HotFiles/deep/y.yaml", data: "y"},
		entry{name: "Resources/HotEnvironments/small.yaml", data: "parameters: {}"}), catalog.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	h, err := p.HOT()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"x.sh": "echo", "deep/y.yaml": "y"}, h.Files); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"small.yaml": "parameters: {}"}, h.Environments); d != "" {
		t.Error(d)
	}
	if v, _ := h.Template.Get("heat_template_version").Text(); v != "2013-05-23" {
		t.Error("the template's version is", v)
	}
	if strings.Contains(string(p.UI), "ignored") || len(h.Parameters) != 1 || h.Outputs[0] != "o" {
		t.Error(string(p.UI), h)
	}
}

// The forms of HOT packages: examples and one with every constraint.
func TestGeneratedForms(t *testing.T) {
	constraints, err := catalog.Load(zipOf(t, entry{name: "manifest.yaml", data: hotManifest}, entry{name: "template.yaml", data: everyConstraint}), catalog.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string][]byte{"constraints": constraints.UI}
	for _, example := range []string{"hot-web", "hot-random"} {
		archive, err := catalog.Build(filepath.Join("../../examples/packages", example))
		if err != nil {
			t.Fatal(err)
		}
		p, err := catalog.Load(archive, catalog.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		forms[example] = p.UI
	}
	for name, form := range forms {
		golden := filepath.Join("testdata", name+".ui.yaml")
		if *update {
			if err := os.WriteFile(golden, form, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(form)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if _, err := yaml.Parse(bytes.ReplaceAll(form, []byte("!yaql "), nil), yaml.Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

const everyConstraint = `
heat_template_version: 2016-10-14
parameter_groups:
  - {label: First, parameters: [image_id, missing]}
  - {label: Empty}
parameters:
  plain: {type: string, default: "it's: \"quoted\""}
  image_id: {type: string}
  size:
    type: number
    default: 5
    constraints:
      - range: {min: 1, max: 9}
        description: from 1 to 9
      - range: {max: 100}
  flag: {type: boolean, default: yes}
  list: {type: comma_delimited_list, default: [a, b]}
  choice:
    type: string
    label: Choose
    description: one of them
    constraints:
      - allowed_values: [a, it's, 3, 1.5, true]
      - allowed_pattern: "[a-z]+"
        description: small letters
      - length: {min: 1, max: 9}
      - length: {min: 3, max: 20}
      - custom_constraint: nova.flavor
resources: {}
`

// The same directory gives the same bytes.
func TestBuild(t *testing.T) {
	one, err := catalog.Build("../../examples/packages/hot-web")
	if err != nil {
		t.Fatal(err)
	}
	two, err := catalog.Build("../../examples/packages/hot-web")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Error("two builds differ")
	}
	if _, err := catalog.Build(t.TempDir()); err == nil {
		t.Error("an empty directory is a package")
	}
}
