package diag

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// MarshalJSON gives the stable form for programs. message stands without path.
func (d Diagnostic) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code     string   `json:"code"`
		Severity Severity `json:"severity"`
		Type     string   `json:"type"`
		File     string   `json:"file"`
		Line     int      `json:"line"`
		Column   int      `json:"column"`
		Path     string   `json:"path"`
		Pointer  string   `json:"pointer"`
		Message  string   `json:"message"`
		Hint     string   `json:"hint"`
	}{d.Code, cmp.Or(d.Severity, Error), d.Type, d.File, d.Line, d.Column, d.Path, d.Pointer, d.Message, d.Hint})
}

// Write writes a problem for people: where, what, the line of source with a caret under
// the place, and the hint.
//
//	web.yaml:9:7: error[unknown_property]: Property error: resources.web.properties: Unknown Property flavour
//	  9 |       flavour: m1.small
//	    |       ^^^^^^^
//	  hint: did you mean "flavor"?
func (d *Diagnostic) Write(w io.Writer, source string) error {
	var b strings.Builder
	b.WriteString(d.File)
	if d.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", d.Line, d.Column)
	}
	fmt.Fprintf(&b, ": %s[%s]: %s\n", cmp.Or(d.Severity, Error), d.Code, strings.TrimRight(printable(d.Text(), "\n\t"), " "))
	b.WriteString(Excerpt(source, d.Line, d.Column))
	if d.Hint != "" {
		fmt.Fprintf(&b, "  hint: %s\n", printable(d.Hint, ""))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// width is how much of a line an excerpt shows, in characters.
const width = 120

// Excerpt gives a line of a source with carets under the word at a column, both counted
// from 1; "" when there is no such place.
func Excerpt(source string, line, column int) string {
	lines := strings.SplitN(source, "\n", line+1)
	if line < 1 || line > len(lines) || column < 1 {
		return ""
	}
	text := []rune(strings.TrimSuffix(lines[line-1], "\r"))
	if column > len(text)+1 {
		return ""
	}
	at, carets, front, back := column-1, word(text[column-1:]), "", ""
	if from := at - width/2; len(text) > width && from > 0 {
		text, at, front = text[from:], at-from, "…"
	}
	if len(text) > width {
		text, back = text[:width], "…"
	}
	carets = max(1, min(carets, len(text)-at))
	pad := []rune(strings.Repeat(" ", at))
	for i := range pad {
		if text[i] == '\t' {
			pad[i] = '\t'
		}
	}
	number := fmt.Sprint(line)
	return fmt.Sprintf("  %s | %s%s%s\n  %s | %s%s%s\n", number, front, printable(string(text), "\t"), back,
		strings.Repeat(" ", len(number)), strings.Repeat(" ", len([]rune(front))), string(pad), strings.Repeat("^", carets))
}

// word is how long the YAML word, text in quotes or bracket is that a text begins with.
func word(text []rune) int {
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		depth := 0
		for i, r := range text {
			switch r {
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return 1
	}
	if len(text) > 0 && (text[0] == '"' || text[0] == '\'') {
		for i, r := range text[1:] {
			if r == text[0] {
				return i + 2
			}
		}
	}
	for i, r := range text {
		ends := r == ':' && (i+1 == len(text) || text[i+1] == ' ')
		if ends || unicode.IsSpace(r) || strings.ContainsRune(",[]{}", r) {
			return i
		}
	}
	return len(text)
}

// printable replaces what a terminal would obey.
func printable(s, keep string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || strings.ContainsRune(keep, r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
