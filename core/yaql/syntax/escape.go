package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape resolves the escape sequences of a quoted string as Python's unicode-escape
// codec does; what is no escape sequence stays as it is. at is the string's offset in src.
func unescape(src string, at int, body string) (string, *Error) {
	var b strings.Builder
	b.Grow(len(body))
	for i := 0; i < len(body); {
		if body[i] != '\\' || i+1 == len(body) {
			b.WriteByte(body[i])
			i++
			continue
		}
		n, err := escape(&b, src, at, body[i:])
		if err != nil {
			return "", err
		}
		i += n
	}
	return b.String(), nil
}

var singleEscapes = map[byte]byte{'\\': '\\', '\'': '\'', '"': '"', 'a': '\a', 'b': '\b', 'f': '\f',
	'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

var hexEscapes = map[byte]struct {
	digits    int
	truncated string
}{
	'x': {2, "truncated \\xXX escape"},
	'u': {4, "truncated \\uXXXX escape"},
	'U': {8, "truncated \\UXXXXXXXX escape"},
}

// escape writes the one sequence that text starts with and gives its length.
func escape(b *strings.Builder, src string, at int, text string) (int, *Error) {
	c := text[1]
	if single, ok := singleEscapes[c]; ok {
		b.WriteByte(single)
		return 2, nil
	}
	if hex, ok := hexEscapes[c]; ok {
		return hexEscape(b, src, at, text, hex.digits, hex.truncated)
	}
	if c >= '0' && c <= '7' {
		n := 2
		for n < 4 && n < len(text) && text[n] >= '0' && text[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(text[1:n], 8, 32)
		b.WriteRune(rune(v))
		return n, nil
	}
	if c == 'N' && len(text) > 3 && text[2] == '{' {
		if end := strings.IndexByte(text, '}'); end > 3 {
			r, ok := runeNamed(text[3:end])
			if !ok {
				return 0, escapeError(src, at, end+1, "unknown Unicode character name")
			}
			b.WriteRune(r)
			return end + 1, nil
		}
	}
	b.WriteByte('\\')
	return 1, nil
}

func hexEscape(b *strings.Builder, src string, at int, text string, digits int, truncated string) (int, *Error) {
	end := 2
	for range digits {
		r, w := utf8.DecodeRuneInString(text[end:])
		if w == 0 || r == '\n' {
			b.WriteByte('\\') // too short: no escape sequence at all
			return 1, nil
		}
		end += w
	}
	hex := text[2:end]
	for i := range len(hex) {
		if !isHex(hex[i]) {
			return 0, escapeError(src, at, 2+i, truncated)
		}
	}
	v, _ := strconv.ParseUint(hex, 16, 64)
	if v > utf8.MaxRune {
		return 0, escapeError(src, at, end, "illegal Unicode character")
	}
	b.WriteRune(rune(v))
	return end, nil
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
