package agent

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"strings"

	"hearth/core/yaml"
)

// render makes the shell script of a step: a call of a plan's script. Its first lines are
// comments, for whoever carries it out; its argument is the plan's directory, in which each
// script has one of its own with its files.
//
//	# hearth-step PLAN STEP
//	# plan NAME          (as in an address: without spaces)
//	# script NAME
func render(planID string, step int, planName string, c call) []byte {
	s := c.script
	var b strings.Builder
	fmt.Fprintf(&b, "# hearth-step %s %d\n# plan %s\n# script %s\n", planID, step, url.QueryEscape(planName), s.name)
	if s.kind != application {
		fmt.Fprintf(&b, "echo %s >&2\nexit 1\n", quote((&scriptError{script: s}).Error()))
		return []byte(b.String())
	}
	b.WriteString(stepStart)
	fmt.Fprintf(&b, "mkdir -p \"$1\"/%s\ncd \"$1\"/%s\n", quote(s.name), quote(s.name))
	for _, f := range append(s.files[:len(s.files):len(s.files)], s.entry) {
		switch {
		case isRepository(f.url):
			fmt.Fprintf(&b, "clone %s %s\n", quote(local(f.name)), quote(f.url))
		case f.url != "":
			fmt.Fprintf(&b, "fetch %s %s %s\n", quote(local(f.name)), quote(f.url), quote(lastSegment(f.url)))
		default:
			fmt.Fprintf(&b, "file %s <<'END'\n%sEND\n", quote(local(f.name)), lines(f.body))
		}
	}
	entry := local(s.entry.name)
	fmt.Fprintf(&b, "chmod 0500 %s\ncd %s\numask 022\n", quote(entry), quote(local(path.Dir(entry))))
	command := "./" + quote(path.Base(entry)) + " " + yaml.Str(c.command)
	fmt.Fprintf(&b, "command=$(base64 -d <<'END'\n%sEND\n)\nexec /bin/sh -c \"$command\"\n", lines([]byte(command)))
	return []byte(b.String())
}

// stepStart has the functions with which a step makes its files. What is there already is of
// a step before, and stays.
const stepStart = `set -eu
umask 077
file() {
  [ -e "$1" ] || { mkdir -p "$(dirname "$1")"; base64 -d > "$1.part"; mv "$1.part" "$1"; }
}
fetch() {
  [ -e "$1" ] || { rm -rf "$1.part"; mkdir -p "$1.part"; curl -fsSL -o "$1.part/$3" --url "$2"; mv "$1.part" "$1"; }
}
clone() {
  [ -e "$1" ] || { rm -rf "$1.part"; mkdir -p "$(dirname "$1")"; git clone -q -- "$2" "$1.part"; mv "$1.part" "$1"; }
}
`

// local makes a name that no command takes for an option.
func local(name string) string { return "./" + path.Clean(name) }

// lastSegment names a download inside of the directory that has the file's name, where
// upstream's agent puts it.
func lastSegment(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "file"
	}
	if base := path.Base(u.Path); base != "." && base != "/" {
		return base
	}
	return "file"
}

func isRepository(address string) bool {
	return strings.HasPrefix(address, "git://") || strings.HasPrefix(address, "git+http") || strings.HasSuffix(address, ".git")
}

// quote makes one word of the shell of a text.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// lines is base64 in lines of 76 characters.
func lines(data []byte) string {
	text := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for text != "" {
		n := min(76, len(text))
		b.WriteString(text[:n])
		b.WriteByte('\n')
		text = text[n:]
	}
	return b.String()
}
