package function

import (
	"strconv"
	"strings"

	"hearth/core/schema"
)

// path is where an Expr stands, from the inside out. Most are never written, so they are
// only put together when something is wrong.
type path struct {
	parent *path
	key    string
	index  int  // of a list item; -1: key counts
	call   bool // key is a function's name
}

func (p *path) field(key string) *path { return &path{parent: p, key: key, index: -1} }
func (p *path) item(i int) *path       { return &path{parent: p, index: i} }
func (p *path) function(name string) *path {
	return &path{parent: p, key: name, index: -1, call: true}
}

// String writes the path as Heat's parser does: a.b[0].c.
func (p *path) String() string {
	var steps []*path
	for ; p != nil; p = p.parent {
		steps = append(steps, p)
	}
	var b strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		switch s := steps[i]; {
		case s.index >= 0:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		default:
			if i < len(steps)-1 {
				b.WriteByte('.')
			}
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// within writes the part of the path behind the innermost enclosing function, and gives
// that function's own path: Heat's validation nests messages, not paths.
func (p *path) within() (text string, outer *path) {
	var steps []*path
	q := p.parent // p itself is a function
	for ; q != nil && !q.call; q = q.parent {
		steps = append(steps, q)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		if s := steps[i]; s.index >= 0 {
			text += "[" + strconv.Itoa(s.index) + "]"
		} else {
			text = schema.Join(text, s.key)
		}
	}
	return schema.Join(text, p.key), q
}

// validation writes where and what as Heat's validation does: the path of the outermost
// function, and before the message the paths of the inner ones.
func (p *path) validation(message string) (at, text string) {
	at, outer := p.within()
	if outer == nil {
		return at, message
	}
	return outer.validation(at + ": " + message)
}
