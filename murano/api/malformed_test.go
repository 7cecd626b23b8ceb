package api_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// entry is an entry of an archive as nobody should make one.
type entry struct {
	name, data string
	mode       fs.FileMode
}

func hostile(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range append(entries, entry{name: "manifest.yaml", data: "FullName: t.Bad\nType: Library\n"}) {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// Nothing of a malformed package is kept, and the answer names what is wrong in it.
func TestMalformedPackages(t *testing.T) {
	k := startSQLite(t)
	manifest := func(text string) []byte { return archive(t, map[string]string{"manifest.yaml": text}) }
	many := make([]entry, 5000)
	for i := range many {
		many[i].name = fmt.Sprintf("f%d", i)
	}
	aliases := "FullName: t.Bad\nType: Library\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		aliases += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	for _, x := range []struct {
		name    string
		archive []byte
		says    string
	}{
		{"bomb", hostile(t, entry{name: "zeros", data: strings.Repeat("\x00", 8<<20)}), `\"zeros\" unpacks to more than 200 times its size`},
		{"large file", hostile(t, entry{name: "zeros", data: strings.Repeat("\x00", 33<<20)}), `\"zeros\" unpacks to more than 33554432 bytes`},
		{"many files", hostile(t, many...), "the archive has 5001 entries, at most 4096 are allowed"},
		{"path escape", hostile(t, entry{name: "../../etc/cron.d/x"}), `an entry outside of it: \"../../etc/cron.d/x\"`},
		{"absolute path", hostile(t, entry{name: "/etc/passwd"}), `an entry outside of it: \"/etc/passwd\"`},
		{"link", hostile(t, entry{name: "Resources/link", data: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), `neither file nor directory: \"Resources/link\"`},
		{"cut off", library(t, "t.Bad", "")[:80], "Uploaded file is not a zip archive"},
		{"broken YAML", manifest("FullName: t.Bad\nClasses: [a"), "Unable to load due to 'while parsing a flow sequence"},
		{"aliases", manifest(aliases), "Unable to load due to '"},
		{"unknown format", manifest("Format: TOSCA.CSAR/1.1.0\nFullName: t.Bad\nType: Library\n"), "Unsupported format TOSCA.CSAR/1.1.0"},
		{"unknown version", manifest("Format: MuranoPL/7.0\nFullName: t.Bad\nType: Library\n"), "Unsupported format MuranoPL/7.0"},
		{"name", manifest("FullName: ..\nType: Library\n"), "Invalid FullName .."},
		{"classes", manifest("FullName: t.Bad\nType: Library\nClasses: [t.Bad]\n"), "Classes is not a mapping"},
		{"logo", manifest("FullName: t.Bad\nType: Library\nLogo: ../../etc/passwd\n"), "Unable to load logo: there is no file ../../etc/passwd"},
		{"template", archive(t, map[string]string{"manifest.yaml": "Format: Heat.HOT/1.0\nFullName: t.Bad\nType: Application\n", "template.yaml": "a: [1\nb: }"}),
			`template.yaml: while parsing a flow sequence\n  in \"<unicode string>\", line 1, column 4`},
	} {
		if status, body := k.upload("user", x.archive, ""); status != 400 || !strings.Contains(body, x.says) {
			t.Errorf("%s: %d %s; want %s", x.name, status, body, x.says)
		}
	}
	if n := len(k.object("GET", "/v1/catalog/packages?include_disabled=true", call{as: "admin"})["packages"].([]any)); n != 0 {
		t.Error(n, "packages: a refused one was stored")
	}
	k.want(404, "POST", "/v1/actions", call{body: `{"className": "t.Bad", "methodName": "x"}`})
}

// What is wrong in classes, which the catalogue does not read, is told by who uses them: at
// once, and with the place.
func TestMalformedClasses(t *testing.T) {
	k := startSQLite(t)
	for name, files := range map[string]map[string]string{
		"t.Cycle":    {"t.Cycle": "Name: t.Cycle\nExtends: t.Round\n", "t.Round": "Name: t.Round\nExtends: [t.Back]\n", "t.Back": "Name: t.Back\nExtends: t.Cycle\n"},
		"t.Self":     {"t.Self": "Name: t.Self\nExtends: t.Self\n"},
		"t.Meta":     {"t.Meta": "Name: t.Meta\nExtends: t.Note\n", "t.Note": "Name: t.Note\nUsage: Meta\n"},
		"t.YAML":     {"t.YAML": "Name: t.YAML\nMethods: [a\n"},
		"t.Body":     {"t.Body": "Name: t.Body\nMethods:\n  x:\n    Body:\n      - Wile: true\n"},
		"t.Contract": {"t.Contract": "Name: t.Contract\nExtends: io.murano.Application\nProperties:\n  port: {Contract: $.int().notNull().check($ < 65536)}\n"},
	} {
		content, classes := map[string]string{}, ""
		for class, text := range files {
			content["Classes/"+class+".yaml"] = text
			classes += "  " + class + ": " + class + ".yaml\n"
		}
		content["manifest.yaml"] = "Format: '1.4'\nType: Application\nFullName: " + name + "\nClasses:\n" + classes
		if status, body := k.upload("user", archive(t, content), ""); status != 200 {
			t.Fatal(name, status, body)
		}
	}
	for i, x := range []struct{ app, says string }{
		{`{"?": {"type": "t.Cycle", "id": "a"}}`, "Type t.Cycle cannot be its own ancestor: t.Cycle extends t.Round extends t.Back extends t.Cycle"},
		{`{"?": {"type": "t.Self", "id": "a"}}`, "Type t.Self cannot be its own ancestor: t.Self extends t.Self"},
		{`{"?": {"type": "t.Meta", "id": "a"}}`, "Type t.Meta cannot have parent with Usage Meta"},
		{`{"?": {"type": "t.YAML", "id": "a"}}`, "line 3, column 1"},
		{`{"?": {"type": "t.Body", "id": "a"}}`, "Syntax is incorrect in expression: {'Wile': True}"},
		{`{"?": {"type": "t.Contract", "id": "a"}, "port": 70000}`, "[t.Contract.port] Value 70000 doesn't match predicate"},
		{`{"?": {"type": "t.Contract", "id": "a"}}`, "[t.Contract.port] null value violates notNull() contract"},
	} {
		env := k.environment(fmt.Sprint("e", i))
		if status := k.deploy(env, x.app); status != "deploy failure" {
			t.Error(x.app, status)
		}
		if reports := strings.Join(k.reports(env), "\n"); !strings.Contains(reports, x.says) {
			t.Errorf("%s: %s; want %s", x.app, reports, x.says)
		}
	}
}
