package cfn

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/core/yaml"
)

const (
	xmlType  = "application/xml; charset=UTF-8"
	jsonType = "application/json"
)

// jsonInXML are the elements that hold JSON (heat/common/serializers.py).
var jsonInXML = map[string]bool{"TemplateBody": true, "Metadata": true}

// encodeXML writes the first value of a map as XML, under its key. What is no text is
// written as Python shows it.
func encodeXML(v *yaml.Map) []byte {
	var b strings.Builder
	for name, value := range v.All() {
		writeElement(&b, name, value)
		break
	}
	return []byte(b.String())
}

func writeElement(b *strings.Builder, name string, value any) {
	name = elementName(name)
	if isEmpty(value) || jsonInXML[name] && (value == nil || value == "") {
		b.WriteString("<" + name + "/>")
		return
	}
	b.WriteString("<" + name + ">")
	switch v := value.(type) {
	case *yaml.Map:
		if jsonInXML[name] {
			writeText(b, yaml.Dumps(v, false))
			break
		}
		for key, item := range v.All() {
			writeElement(b, key, item)
		}
	case []any:
		for _, item := range v {
			writeElement(b, "member", item)
		}
	default:
		writeText(b, yaml.Str(v))
	}
	b.WriteString("</" + name + ">")
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case *yaml.Map:
		return v.Len() == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// elementName is a name that XML allows: maps of users have any.
func elementName(name string) string {
	valid := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
	if first, _ := utf8.DecodeRuneInString(valid); first != '_' && !unicode.IsLetter(first) {
		return "_" + valid
	}
	return valid
}

// writeText escapes as lxml does: ASCII, with the rest as numbers.
func writeText(b *strings.Builder, text string) {
	for _, r := range text {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '\n', r == '\t', r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		case r < ' ' && r != '\r', r == 0xfffe, r == 0xffff: // no XML can hold them
			fmt.Fprintf(b, "&#%d;", utf8.RuneError)
		default:
			fmt.Fprintf(b, "&#%d;", r)
		}
	}
}
