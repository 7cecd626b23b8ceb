package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	y4 "go.yaml.in/yaml/v4"
)

// mark is a place in the source, both counted from 1.
type mark struct{ line, column int }

// markedError composes PyYAML's text: context and problem, each with its place and a
// snippet of the line.
func markedError(src []byte, context string, contextAt mark, problem string, at mark) *SyntaxError {
	var b strings.Builder
	if context != "" {
		b.WriteString(context)
		b.WriteByte('\n')
	}
	if context != "" && contextAt.line > 0 && contextAt != at {
		writeMark(&b, src, contextAt)
		b.WriteByte('\n')
	}
	b.WriteString(problem)
	if at.line > 0 {
		b.WriteByte('\n')
		writeMark(&b, src, at)
	}
	return &SyntaxError{Line: at.line, Column: at.column, Message: b.String()}
}

func writeMark(b *strings.Builder, src []byte, at mark) {
	fmt.Fprintf(b, "  in \"<unicode string>\", line %d, column %d:\n", at.line, at.column)
	text, caret := snippet(src, at)
	b.WriteString("    " + text + "\n    " + strings.Repeat(" ", caret) + "^")
}

// snippet cuts the line around at to 75 characters as PyYAML does.
func snippet(src []byte, at mark) (text string, caret int) {
	line := []rune(sourceLine(src, at.line))
	point := min(at.column-1, len(line))
	start, end := 0, len(line)
	head, tail := "", ""
	const half = 37
	if point >= half {
		start, head = point-half+5, " ... "
	}
	if end-point >= half {
		end, tail = point+half-5, " ... "
	}
	return head + string(line[start:end]) + tail, point - start + len(head)
}

func sourceLine(src []byte, line int) string {
	for i := 1; ; i++ {
		text, rest, found := bytes.Cut(src, []byte("\n"))
		if i == line {
			return strings.TrimRight(string(text), "\r")
		}
		if !found {
			return ""
		}
		src = rest
	}
}

// syntaxError turns the loader's error into PyYAML's words.
func syntaxError(src []byte, err error) *SyntaxError {
	le, ok := errors.AsType[*y4.LoadError](err)
	if !ok {
		return &SyntaxError{Message: err.Error()}
	}
	at := inSource(src, mark{le.Mark.Line, le.Mark.Column})
	contextAt := inSource(src, mark{le.ContextMark.Line, le.ContextMark.Column})
	context, problem := le.ContextMsg, le.Message
	switch {
	case strings.HasPrefix(problem, "found character that cannot start any token"):
		problem = cannotStart(src, at)
	case strings.HasPrefix(problem, "found a tab character"):
		context, contextAt, problem = "while scanning for the next token", mark{}, cannotStart(src, at)
	case strings.Contains(problem, "expected <document end> before directive"):
		return markedError(src, "expected a single document in the stream", firstToken(src), "but found another document", at)
	case strings.HasPrefix(problem, "did not find expected <document start>"):
		problem = "expected '<document start>', but found " + blockAt(src, at)
	case strings.Contains(problem, "did not find expected node content"):
		problem = "expected the node content, but found " + tokenAt(src, at)
	case strings.Contains(problem, "did not find expected ',' or '}'"):
		problem = "expected ',' or '}', but got " + tokenAt(src, at)
	case strings.Contains(problem, "did not find expected ',' or ']'"):
		problem = "expected ',' or ']', but got " + tokenAt(src, at)
	case strings.Contains(problem, "did not find expected key"), strings.Contains(problem, "did not find expected '-' indicator"):
		problem = "expected <block end>, but found " + tokenAt(src, at)
		if strings.Contains(context, "block collection") && strings.Contains(sourceLine(src, at.line), ":") {
			problem = "expected <block end>, but found '?'" // a key
		}
	case strings.HasPrefix(problem, "unknown anchor"):
		problem = "found undefined alias" + strings.TrimSuffix(strings.TrimPrefix(problem, "unknown anchor"), " referenced")
	case problem == "found unknown escape character":
		context = "while scanning a double-quoted scalar"
		at.column++
		problem += " " + Repr(characterAt(src, at))
	case strings.HasPrefix(problem, "block sequence entries are not allowed"):
		problem = "sequence entries are not allowed here"
	case strings.HasPrefix(problem, "mapping values are not allowed"):
		problem = "mapping values are not allowed here"
	}
	return markedError(src, context, contextAt, problem, at)
}

func cannotStart(src []byte, at mark) string {
	return fmt.Sprintf("found character %s that cannot start any token", Repr(characterAt(src, at)))
}

// inSource moves a mark on the line behind the last back to the end of the text, where
// that does not end in a line break.
func inSource(src []byte, at mark) mark {
	lines := bytes.Count(src, []byte("\n")) + 1
	if at.line > lines && len(src) > 0 {
		return mark{lines, utf8.RuneCountInString(sourceLine(src, lines)) + 1}
	}
	return at
}

// firstToken is where the text begins, behind blank lines and comments.
func firstToken(src []byte) mark {
	for i := 1; ; i++ {
		line, rest, more := bytes.Cut(src, []byte("\n"))
		text := bytes.TrimLeft(line, " ")
		if len(text) > 0 && text[0] != '#' && text[0] != '\r' {
			return mark{i, len(line) - len(text) + 1}
		}
		if !more {
			return mark{1, 1}
		}
		src = rest
	}
}

var blockKey = regexp.MustCompile(`^[^\s'"\[{].*:(\s|$)`)

// blockAt names the token at a place outside of any collection: there a key begins one.
func blockAt(src []byte, at mark) string {
	line := []rune(sourceLine(src, at.line))
	rest := string(line[min(max(at.column-1, 0), len(line)):])
	switch {
	case strings.HasPrefix(rest, "- "):
		return "'<block sequence start>'"
	case blockKey.MatchString(rest):
		return "'<block mapping start>'"
	}
	return tokenAt(src, at)
}

// tokenAt names the token at a place as PyYAML does.
func tokenAt(src []byte, at mark) string {
	switch c := characterAt(src, at); c {
	case "":
		return "'<stream end>'"
	case "-", "?", ":", ",", "[", "]", "{", "}":
		return "'" + c + "'"
	case "&":
		return "'<anchor>'"
	case "*":
		return "'<alias>'"
	case "!":
		return "'<tag>'"
	}
	return "'<scalar>'"
}

func characterAt(src []byte, at mark) string {
	line := []rune(sourceLine(src, at.line))
	if at.column < 1 || at.column > len(line) {
		return ""
	}
	return string(line[at.column-1])
}

func twoDocuments(src []byte, first, second *y4.Node) *SyntaxError {
	a, b := first, second
	if len(a.Content) > 0 {
		a = a.Content[0]
	}
	return markedError(src, "expected a single document in the stream", mark{a.Line, a.Column},
		"but found another document", mark{b.Line, b.Column})
}

// checkCharacters refuses what YAML 1.1 does not print: PyYAML's reader error.
func checkCharacters(src []byte) error {
	position := 0
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return &SyntaxError{Message: fmt.Sprintf("'utf-8' codec can't decode byte %#02x in position %d", src[i], i)}
		}
		if !printable(r) {
			return &SyntaxError{Message: fmt.Sprintf("unacceptable character #x%04x: special characters are not allowed\n"+
				"  in \"<unicode string>\", position %d", r, position)}
		}
		i += size
		position++
	}
	return nil
}

func printable(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return true
	case r < 0x20:
		return false
	case r < 0x7f:
		return true
	case r < 0xa0:
		return false
	}
	return r != 0xfffe && r != 0xffff
}
