package syntax

import (
	"strings"

	"hearth/core/yaml"
	"hearth/core/yaql"
)

// Unread is a plain scalar with a dollar that is no expression, and therefore a text.
type Unread struct {
	Text string
	Err  error // why it is none
}

// String is the text.
func (u *Unread) String() string { return u.Text }

// YAMLKey implements yaml.Keyed: as a key it is the text.
func (u *Unread) YAMLKey() string { return u.Text }

// Nodes reads the documents of a class file as Parse does, into trees in which each value has
// its place. A Scalar is an *Expression (its At has no file), an *Unread, or plain data.
func Nodes(engine *yaql.Engine, text []byte) ([]*yaml.Node, error) {
	p := parser{engine: engine}
	plain := func(text string) (any, bool) {
		v, ok := p.plain(text)
		if ok || !strings.Contains(text, "$") || plainWord.MatchString(text) {
			return v, ok
		}
		_, err := ParseExpression(engine, text)
		return &Unread{text, err}, true
	}
	return yaml.ParseAll(text, yaml.Options{MaxBytes: maxBytes, Plain: plain, Tagged: p.tagged})
}
