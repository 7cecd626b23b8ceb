package regex

import (
	"strconv"
	"strings"
)

// Template is the replacement text of re.sub: literal parts and groups.
type Template struct{ parts []templatePart }

type templatePart struct {
	literal string
	group   int // -1: literal
}

// UnknownGroupError is a name in a Template that no group of the expression has, for which
// Python raises IndexError.
type UnknownGroupError struct{ Name string }

func (e *UnknownGroupError) Error() string { return "unknown group name " + repr(e.Name) }

// Template reads a replacement text, in which \1 and \g<name> are groups. Errors are
// *SyntaxError and *UnknownGroupError.
func (r *Regexp) Template(text string) (*Template, error) {
	src, t := newSource(text), &Template{}
	for src.more() {
		token := src.get()
		part := templatePart{token, -1}
		if token[0] == '\\' {
			var err error
			if part, err = r.templateEscape(&src, token); err != nil {
				return nil, src.ended(err)
			}
		}
		if n := len(t.parts); n > 0 && part.group < 0 && t.parts[n-1].group < 0 {
			t.parts[n-1].literal += part.literal
		} else {
			t.parts = append(t.parts, part)
		}
	}
	return t, src.ended(nil)
}

// Expand is the replacement of a match in a text; a group that has no part in it is empty.
func (t *Template) Expand(text []rune, m *Match) string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.group < 0 {
			b.WriteString(p.literal)
		} else if begin, end, ok := m.Span(p.group); ok {
			b.WriteString(string(text[begin:end]))
		}
	}
	return b.String()
}

func (r *Regexp) templateEscape(s *source, token string) (templatePart, error) {
	literal := func(c rune) templatePart { return templatePart{string(c), -1} }
	switch c := token[1]; {
	case c == 'g':
		return r.templateName(s)
	case c == '0':
		v, err := s.octal(token + s.run(2, octDigits))
		return literal(v), err
	case c >= '1' && c <= '9':
		token += s.run(1, digits)
		if len(token) == 3 && strings.Trim(token[1:], octDigits) == "" {
			if last := s.run(1, octDigits); last != "" {
				v, err := s.octal(token + last)
				return literal(v), err
			}
		}
		return r.templateGroup(s, token[1:], len(token)-1)
	case c == 'b':
		return literal('\b'), nil
	}
	if c, ok := controls[token]; ok {
		return literal(c), nil
	}
	if isASCIILetter(rune(token[1])) {
		return templatePart{}, s.fail(len(token), "bad escape %s", token)
	}
	return templatePart{token, -1}, nil
}

// templateName reads \g<name> and \g<1>, behind the g.
func (r *Regexp) templateName(s *source) (templatePart, error) {
	if !s.take("<") {
		return templatePart{}, s.fail(0, "missing <")
	}
	name, err := s.groupName(">")
	if err != nil {
		return templatePart{}, err
	}
	if isNumber(name) {
		return r.templateGroup(s, name, len(name)+1)
	}
	if err := s.checkName(name); err != nil {
		return templatePart{}, err
	}
	group, ok := r.names[name]
	if !ok {
		return templatePart{}, &UnknownGroupError{name}
	}
	return templatePart{group: group}, nil
}

func (r *Regexp) templateGroup(s *source, number string, back int) (templatePart, error) {
	group, err := strconv.Atoi(number)
	if err != nil || group > r.groups {
		return templatePart{}, s.fail(back, "invalid group reference %s", strings.TrimLeft(number, "0"))
	}
	return templatePart{group: group}, nil
}

// Escape is the text as a pattern that matches just it, as re.escape writes it.
func Escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
