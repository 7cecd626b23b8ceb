package agent

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token of a plan's Body is.
type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenNewline
	tokenIndent
	tokenDedent
	tokenName
	tokenNumber
	tokenText
	tokenOperator
)

type token struct {
	kind  tokenKind
	text  string // as it stands; of a text, what it says
	value any    // of a number
	line  int
}

// bodyError is what Python's compiler would say about a Body.
type bodyError struct {
	line    int
	message string
}

func (e *bodyError) Error() string { return fmt.Sprintf("Body, line %d: %s", e.line, e.message) }

// lexer takes a Body apart as Python does: by lines and their indentation, but inside of
// brackets.
type lexer struct {
	src      string
	at, line int
	depth    int // of brackets
	indents  []int
	out      []token
}

const tabWidth = 4 // of upstream's agent

var operators = []string{"**", "//", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=", "<", ">", "+", "-", "*", "/", "%"}

func lex(body string) ([]token, error) {
	body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\t", strings.Repeat(" ", tabWidth))
	l := &lexer{src: body, line: 1}
	for {
		more, err := l.beginLine()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if err := l.restOfLine(); err != nil {
			return nil, err
		}
	}
	for range max(len(l.indents)-1, 0) {
		l.add(tokenDedent, "", nil)
	}
	l.add(tokenEnd, "", nil)
	return l.out, nil
}

func (l *lexer) add(kind tokenKind, text string, value any) {
	l.out = append(l.out, token{kind, text, value, l.line})
}

func (l *lexer) fail(format string, args ...any) error {
	return &bodyError{l.line, fmt.Sprintf(format, args...)}
}

// beginLine goes to the next line that says something and compares its indentation with that
// of the lines before. more is false at the end.
func (l *lexer) beginLine() (more bool, err error) {
	for {
		begin := l.at
		for l.at < len(l.src) && l.src[l.at] == ' ' {
			l.at++
		}
		switch {
		case l.at == len(l.src):
			return false, nil
		case l.src[l.at] == '\n':
			l.at++
			l.line++
			continue
		case l.src[l.at] == '#':
			l.skipComment()
			continue
		}
		return true, l.indent(l.at - begin)
	}
}

func (l *lexer) indent(width int) error {
	if len(l.indents) == 0 {
		l.indents = []int{width}
	}
	if width > l.indents[len(l.indents)-1] {
		l.indents = append(l.indents, width)
		l.add(tokenIndent, "", nil)
	}
	for width < l.indents[len(l.indents)-1] {
		l.indents = l.indents[:len(l.indents)-1]
		if len(l.indents) == 0 {
			return l.fail("unindent does not match any outer indentation level")
		}
		l.add(tokenDedent, "", nil)
	}
	if width != l.indents[len(l.indents)-1] {
		return l.fail("unindent does not match any outer indentation level")
	}
	return nil
}

func (l *lexer) skipComment() {
	for l.at < len(l.src) && l.src[l.at] != '\n' {
		l.at++
	}
}

// restOfLine reads a line, or several that brackets or a backslash hold together.
func (l *lexer) restOfLine() error {
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case c == ' ':
			l.at++
		case c == '#':
			l.skipComment()
		case c == '\\' && strings.HasPrefix(l.src[l.at:], "\\\n"):
			l.at += 2
			l.line++
		case c == '\n':
			if l.depth == 0 {
				l.add(tokenNewline, "", nil)
			}
			l.at++
			l.line++
			if l.depth == 0 {
				return nil
			}
		default:
			if err := l.token(); err != nil {
				return err
			}
		}
	}
	if l.depth > 0 {
		return l.fail("a bracket was never closed")
	}
	l.add(tokenNewline, "", nil)
	return nil
}

func (l *lexer) token() error {
	rest := l.src[l.at:]
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case r == '"' || r == '\'':
		return l.text(false)
	case strings.ContainsRune("rRuU", r) && len(rest) > 1 && strings.ContainsRune(`'"`, rune(rest[1])):
		l.at++
		return l.text(r == 'r' || r == 'R')
	case r == '_' || unicode.IsLetter(r):
		end := strings.IndexFunc(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if end < 0 {
			end = len(rest)
		}
		l.add(tokenName, rest[:end], nil)
		l.at += end
		return nil
	case r >= '0' && r <= '9':
		return l.number()
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			switch op {
			case "(", "[", "{":
				l.depth++
			case ")", "]", "}":
				l.depth = max(l.depth-1, 0)
			}
			l.add(tokenOperator, op, nil)
			l.at += len(op)
			return nil
		}
	}
	return l.fail("invalid character %q", r)
}

func (l *lexer) number() error {
	rest := l.src[l.at:]
	end := strings.IndexFunc(rest, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(rest)
	}
	text := rest[:end]
	l.at += end
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		l.add(tokenNumber, text, n)
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return l.fail("invalid number %s", text)
	}
	l.add(tokenNumber, text, f)
	return nil
}

// escapes are those of one character.
var escapes = map[byte]string{'\n': "", '\\': "\\", '\'': "'", '"': "\"", 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '0': "\x00"}

func (l *lexer) text(raw bool) error {
	quote := l.src[l.at : l.at+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(l.src[l.at:], long) {
		quote = long
	}
	l.at += len(quote)
	line := l.line
	var b strings.Builder
	for l.at < len(l.src) {
		c := l.src[l.at]
		switch {
		case strings.HasPrefix(l.src[l.at:], quote):
			l.at += len(quote)
			l.out = append(l.out, token{tokenText, b.String(), nil, line})
			return nil
		case c == '\n' && len(quote) == 1:
			return l.fail("unterminated string literal")
		case c == '\\' && l.at+1 < len(l.src):
			next := l.src[l.at+1]
			if escaped, ok := escapes[next]; ok && !raw {
				b.WriteString(escaped)
			} else {
				b.WriteString(l.src[l.at : l.at+2])
			}
			if next == '\n' {
				l.line++
			}
			l.at += 2
			continue
		case c == '\n':
			l.line++
		}
		b.WriteByte(c)
		l.at++
	}
	return l.fail("unterminated string literal")
}
