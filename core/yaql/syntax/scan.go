package syntax

import (
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenConstant
	tokenKeyword
	tokenVariable
	tokenFunction // a name with its opening parenthesis
	tokenSign     // an operator or a bracket
)

type token struct {
	kind  tokenKind
	text  string
	value any // of a constant
	at    int // byte offset
}

// shown is the token as an error message names it: the value, as Python prints it.
func (t token) shown() string {
	if t.kind != tokenConstant {
		return t.text
	}
	switch v := t.value.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return v
	}
	return t.text
}

type scanner struct {
	syntax *Syntax
	src    string
	pos    int
}

// next reads one token. The rules are tried in the order of yaql/language/lexer.py.
func (s *scanner) next() (token, *Error) {
	for s.pos < len(s.src) && isSpace(s.src[s.pos]) {
		s.pos++
	}
	if s.pos >= len(s.src) {
		return token{kind: tokenEnd, at: len(s.src)}, nil
	}
	at := s.pos
	c := s.src[at]
	switch {
	case c == '$':
		s.pos = s.word(at + 1)
		return token{kind: tokenVariable, text: s.src[at:s.pos], at: at}, nil
	case c == '\'' || c == '"' || c == '`':
		return s.quoted(c)
	case strings.IndexByte("()[]{},", c) >= 0:
		s.pos++
		return token{kind: tokenSign, text: s.src[at:s.pos], at: at}, nil
	}
	r, _ := utf8.DecodeRuneInString(s.src[at:])
	if unicode.Is(unicode.Nd, r) {
		return s.number()
	}
	if isWord(r) {
		return s.name()
	}
	for _, sign := range s.syntax.signs {
		if strings.HasPrefix(s.src[at:], sign) {
			s.pos += len(sign)
			return token{kind: tokenSign, text: sign, at: at}, nil
		}
	}
	return token{}, lexicalError(s.src, at, r)
}

// name reads a function, a word operator, true, false, null or a keyword.
func (s *scanner) name() (token, *Error) {
	at := s.pos
	end := s.word(at)
	text := s.src[at:end]
	if end < len(s.src) && s.src[end] == '(' {
		s.pos = end + 1
		return token{kind: tokenFunction, text: text, at: at}, nil
	}
	if strings.HasPrefix(text, "__") {
		return token{}, lexicalError(s.src, at, '_')
	}
	s.pos = end
	if op := s.syntax.operators[text]; op != nil {
		return token{kind: tokenSign, text: text, at: at}, nil
	}
	switch text {
	case "true":
		return token{kind: tokenConstant, text: text, value: true, at: at}, nil
	case "false":
		return token{kind: tokenConstant, text: text, value: false, at: at}, nil
	case "null":
		return token{kind: tokenConstant, text: text, at: at}, nil
	}
	return token{kind: tokenKeyword, text: text, at: at}, nil
}

// number reads \b\d+(\.?\d+)?\b: no sign, no exponent, and 1.2x falls back to 1 and then '.'.
func (s *scanner) number() (token, *Error) {
	at := s.pos
	end := s.digits(at)
	if end < len(s.src) && s.src[end] == '.' {
		if fraction := s.digits(end + 1); fraction > end+1 && !s.wordAt(fraction) {
			s.pos = fraction
			f, _ := strconv.ParseFloat(asciiDigits(s.src[at:fraction]), 64)
			return token{kind: tokenConstant, text: s.src[at:fraction], value: f, at: at}, nil
		}
	}
	if s.wordAt(end) {
		r, _ := utf8.DecodeRuneInString(s.src[at:])
		return token{}, lexicalError(s.src, at, r)
	}
	s.pos = end
	text := s.src[at:end]
	if n, err := strconv.ParseInt(asciiDigits(text), 10, 64); err == nil {
		return token{kind: tokenConstant, text: text, value: n, at: at}, nil
	}
	if len(text) > maxDigits {
		return token{}, &Error{Lexical, characters(s.src, at),
			"Exceeds the limit (4300 digits) for integer string conversion"}
	}
	n, _ := new(big.Int).SetString(asciiDigits(text), 10)
	return token{kind: tokenConstant, text: text, value: n, at: at}, nil
}

// maxDigits is CPython's own limit on integers read from text.
const maxDigits = 4300

func (s *scanner) quoted(quote byte) (token, *Error) {
	at := s.pos
	escaped := false
	for i := at + 1; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == quote:
			s.pos = i + 1
			value, err := s.unquote(at, s.src[at+1:i], escaped)
			return token{kind: tokenConstant, text: value, value: value, at: at}, err
		case c == '\\':
			escaped = true
			i++
			if i < len(s.src) && s.src[i] == '\n' {
				return token{}, lexicalError(s.src, at, rune(quote))
			}
		}
	}
	return token{}, lexicalError(s.src, at, rune(quote))
}

func (s *scanner) unquote(at int, body string, escaped bool) (string, *Error) {
	switch {
	case !escaped:
		return body, nil
	case s.src[at] == '`':
		return strings.ReplaceAll(body, "\\`", "`"), nil
	}
	return unescape(s.src, at, body)
}

func (s *scanner) word(i int) int {
	for i < len(s.src) {
		if c := s.src[i]; c < utf8.RuneSelf {
			if !asciiWord[c] {
				break
			}
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(s.src[i:])
		if !isWord(r) {
			break
		}
		i += w
	}
	return i
}

func (s *scanner) wordAt(i int) bool { return s.word(i) > i }

func (s *scanner) digits(i int) int {
	for i < len(s.src) {
		r, w := utf8.DecodeRuneInString(s.src[i:])
		if !unicode.Is(unicode.Nd, r) {
			break
		}
		i += w
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

var asciiWord = func() (t [utf8.RuneSelf]bool) {
	for c := range t {
		t[c] = c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return t
}()

// isWord is Python's \w.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// asciiDigits turns the digits of any script into 0-9.
func asciiDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		if d, ok := Digit(r); ok {
			return '0' + rune(d)
		}
		return r
	}, text)
}

// Digit gives the value of a decimal digit of any script.
func Digit(r rune) (int, bool) {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}
