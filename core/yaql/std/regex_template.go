package std

import (
	"strconv"
	"strings"

	"hearth/core/yaql"
)

// template is the replacement text of re.sub: literal parts and groups.
type template struct{ parts []templatePart }

type templatePart struct {
	literal string
	group   int // -1: literal
}

func parseTemplate(re *Regex, s string) (*template, error) {
	t := &template{}
	for i := 0; i < len(s); {
		slash := strings.IndexByte(s[i:], '\\')
		if slash < 0 {
			t.literal(s[i:])
			break
		}
		t.literal(s[i : i+slash])
		i += slash
		n, err := t.escape(re, s, i)
		if err != nil {
			return nil, err
		}
		i += n
	}
	return t, nil
}

func (t *template) literal(s string) {
	if s != "" {
		t.parts = append(t.parts, templatePart{s, -1})
	}
}

func (t *template) reference(re *Regex, group, at int) error {
	if group >= re.count {
		return regexError("invalid group reference %d at position %d", group, at)
	}
	t.parts = append(t.parts, templatePart{group: group})
	return nil
}

// escape reads the sequence at s[i], a backslash, and gives its length.
func (t *template) escape(re *Regex, s string, i int) (int, error) {
	if i+1 == len(s) {
		return 0, regexError("bad escape (end of pattern) at position %d", i)
	}
	switch c := s[i+1]; {
	case c == 'g':
		return t.named(re, s, i)
	case c == '0':
		n := 2
		for n < 4 && i+n < len(s) && isOctal(s[i+n]) {
			n++
		}
		v, _ := strconv.ParseUint(s[i+1:i+n], 8, 32)
		t.literal(string(rune(v & 0xff)))
		return n, nil
	case c >= '1' && c <= '9':
		return t.numbered(re, s, i)
	case strings.IndexByte("abfnrtv\\", c) >= 0:
		t.literal(map[byte]string{'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '\\': "\\"}[c])
		return 2, nil
	case isASCIILetter(rune(c)):
		return 0, regexError("bad escape \\%c at position %d", c, i)
	}
	t.literal(`\`)
	return 1, nil
}

func (t *template) numbered(re *Regex, s string, i int) (int, error) {
	n := 2
	if i+2 < len(s) && s[i+2] >= '0' && s[i+2] <= '9' {
		n = 3
		if i+3 < len(s) && isOctal(s[i+1]) && isOctal(s[i+2]) && isOctal(s[i+3]) {
			v, _ := strconv.ParseUint(s[i+1:i+4], 8, 32)
			if v > 0o377 {
				return 0, regexError("octal escape value \\%s outside of range 0-0o377 at position %d", s[i+1:i+4], i)
			}
			t.literal(string(rune(v)))
			return 4, nil
		}
	}
	group, _ := strconv.Atoi(s[i+1 : i+n])
	return n, t.reference(re, group, i+1)
}

func (t *template) named(re *Regex, s string, i int) (int, error) {
	rest := s[i+2:]
	if !strings.HasPrefix(rest, "<") {
		return 0, regexError("missing < at position %d", i+2)
	}
	end := strings.IndexByte(rest, '>')
	switch {
	case end < 0:
		return 0, regexError("missing >, unterminated name at position %d", i+3)
	case end == 1:
		return 0, regexError("missing group name at position %d", i+3)
	}
	name := rest[1:end]
	if n, err := strconv.Atoi(name); err == nil && name[0] != '-' && name[0] != '+' {
		return end + 3, t.reference(re, n, i+3)
	}
	if !isIdentifier(name) {
		return 0, regexError("bad character in group name '%s' at position %d", name, i+3)
	}
	group, ok := re.names[name]
	if !ok {
		return 0, yaql.Errorf(yaql.IndexError, "unknown group name '%s'", name)
	}
	return end + 3, t.reference(re, group, i+3)
}

func (t *template) expand(m *match) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.group < 0 {
			b.WriteString(p.literal)
		} else if s, ok := m.groups[p.group].value.(string); ok {
			b.WriteString(s)
		}
	}
	return b.String(), nil
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isIdentifier(s string) bool {
	for i, r := range s {
		if !isWord(r) || i == 0 && isDigit(r) {
			return false
		}
	}
	return s != ""
}

func regexError(format string, args ...any) error {
	return yaql.Errorf(yaql.RegexError, format, args...)
}
