package regex

import (
	"fmt"
	"strings"
	"unicode"
)

const (
	digits    = "0123456789"
	octDigits = "01234567"
	hexDigits = "0123456789abcdefABCDEF"
)

// source is a pattern or a replacement that is being read. Its tokens are characters, and
// backslashes with the character behind them.
type source struct {
	text  []rune
	pos   int
	slash bool // one more backslash stands behind the text, and nothing behind that
}

func newSource(s string) source {
	src := source{text: []rune(s)}
	if slashes := len(s) - len(strings.TrimRight(s, `\`)); slashes%2 == 1 {
		src.slash, src.text = true, src.text[:len(src.text)-1]
	}
	return src
}

// ended gives what went wrong in reading: err, or the backslash at the end, if reading
// came that far.
func (s *source) ended(err error) error {
	if s.slash && !s.more() {
		return s.fail(0, "bad escape (end of pattern)")
	}
	return err
}

// failAt gives an error at a place.
func (s *source) failAt(pos int, format string, args ...any) error {
	return &SyntaxError{Message: fmt.Sprintf(format, args...), Position: pos}
}

// fail gives an error that many characters before what is read next.
func (s *source) fail(back int, format string, args ...any) error {
	return s.failAt(s.pos-back, format, args...)
}

func (s *source) more() bool { return s.pos < len(s.text) }

// peek is the next token; "" at the end.
func (s *source) peek() string {
	if !s.more() {
		return ""
	}
	n := 1
	if s.text[s.pos] == '\\' {
		n = 2
	}
	return string(s.text[s.pos:min(s.pos+n, len(s.text))])
}

// get takes the next token.
func (s *source) get() string {
	token := s.peek()
	s.pos += len([]rune(token))
	return token
}

// take takes the next token if it is the given one.
func (s *source) take(token string) bool {
	if s.peek() != token {
		return false
	}
	s.get()
	return true
}

// run takes up to limit characters of a set; limit < 0: any number.
func (s *source) run(limit int, of string) string {
	from := s.pos
	for s.more() && s.pos-from != limit && strings.ContainsRune(of, s.text[s.pos]) {
		s.pos++
	}
	return string(s.text[from:s.pos])
}

// groupName reads the name of a group up to end, which it takes.
func (s *source) groupName(end string) (string, error) {
	name := ""
	for s.more() {
		token := s.get()
		if token == end {
			if name == "" {
				return "", s.fail(1, "missing group name")
			}
			return name, nil
		}
		name += token
	}
	if name == "" {
		return "", s.fail(0, "missing group name")
	}
	return "", s.fail(len([]rune(name)), "missing %s, unterminated name", end)
}

// checkName wants the name that was just read to be an identifier.
func (s *source) checkName(name string) error {
	for i, r := range name {
		starts := r == '_' || unicode.In(r, unicode.L, unicode.Nl)
		if !starts && (i == 0 || !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc)) {
			return s.fail(len([]rune(name))+1, "bad character in group name %s", repr(name))
		}
	}
	return nil
}

// repr is Python's literal of a name.
func repr(name string) string {
	mark := "'"
	if strings.Contains(name, "'") && !strings.Contains(name, `"`) {
		mark = `"`
	}
	return mark + strings.NewReplacer(`\`, `\\`, mark, `\`+mark, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(name) + mark
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, digits) == "" }

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
