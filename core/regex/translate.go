package regex

import (
	"math"
	"strings"
)

// maxDepth bounds how deep groups are nested, for the engine's compiler calls itself.
const maxDepth = 200

// translation is a pattern in the syntax of the engine (.NET's), with the groups numbered
// as Python numbers them. It needs no options: flags are written out.
type translation struct {
	text   string
	groups int
	names  map[string]int
}

// translator reads a pattern.
type translator struct {
	source
	flags  Flags // in force at this place
	groups int
	names  map[string]int
	widths map[int]width // of the groups that are closed
	// behind is the number of groups where the outermost look-behind began; -1 outside.
	behind     int
	conditions []condition
	variable   bool // a look-behind has no fixed width
	depth      int
}

// condition is a group that (?(…)…) asks for by number, which may stand further behind.
type condition struct{ group, pos int }

// piece is what the engine reads as one thing, so that a quantifier may follow it.
type piece struct {
	kind kind
	text string
	width
}

type kind uint8

const (
	nothing  kind = iota // a comment, or flags
	item                 // may be repeated
	position             // ^ and the like
	repeated             // has its quantifier
)

// width is how many characters an expression can match.
type width struct{ min, max int }

const unbounded = math.MaxInt32

func (w width) plus(o width) width {
	return width{min(w.min+o.min, unbounded), min(w.max+o.max, unbounded)}
}

func (w width) times(low, high int) width { return width{product(w.min, low), product(w.max, high)} }

func product(w, n int) int {
	if w == 0 || n == 0 {
		return 0
	}
	if w >= unbounded/n {
		return unbounded
	}
	return w * n
}

func translate(pattern string, flags Flags) (*translation, error) {
	t := &translator{source: newSource(pattern), flags: flags, names: map[string]int{}, widths: map[int]width{}, behind: -1}
	text, _, err := t.alternatives()
	if err = t.ended(err); err != nil {
		return nil, err
	}
	if t.more() {
		return nil, t.fail(0, "unbalanced parenthesis")
	}
	for _, c := range t.conditions {
		if c.group > t.groups {
			return nil, t.failAt(c.pos, "invalid group reference %d", c.group)
		}
	}
	if t.variable {
		return nil, &SyntaxError{Message: "look-behind requires fixed-width pattern", Position: -1}
	}
	return &translation{text, t.groups, t.names}, nil
}

func (t *translator) alternatives() (string, width, error) {
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > maxDepth {
		return "", width{}, t.fail(0, "pattern nested too deep")
	}
	var branches []string
	total := width{unbounded, 0}
	for {
		text, w, err := t.sequence(t.depth == 1 && branches == nil)
		if err != nil {
			return "", w, err
		}
		branches = append(branches, text)
		total = width{min(total.min, w.min), max(total.max, w.max)}
		if !t.take("|") {
			return strings.Join(branches, "|"), total, nil
		}
	}
}

// sequence reads up to a bar or a closing parenthesis. At the very start of a pattern,
// global flags may stand.
func (t *translator) sequence(start bool) (string, width, error) {
	var pieces []piece
	for t.more() && t.peek() != "|" && t.peek() != ")" {
		if t.flags&Verbose != 0 && t.skipBlank() {
			continue
		}
		if q, ok, err := t.quantifier(); ok || err != nil {
			if err == nil {
				err = t.repeat(pieces, q)
			}
			if err != nil {
				return "", width{}, err
			}
			continue
		}
		p, err := t.piece(start && pieces == nil)
		if err != nil {
			return "", width{}, err
		}
		if p.kind != nothing {
			pieces = append(pieces, p)
		}
	}
	var out strings.Builder
	total := width{}
	for _, p := range pieces {
		out.WriteString(p.text)
		total = total.plus(p.width)
	}
	return out.String(), total, nil
}

// skipBlank takes what the verbose flag makes meaningless.
func (t *translator) skipBlank() bool {
	switch token := t.peek(); {
	case strings.Contains(" \t\n\r\v\f", token):
		t.get()
		return true
	case token == "#":
		for t.more() && t.get() != "\n" {
		}
		return true
	}
	return false
}

func (t *translator) piece(start bool) (piece, error) {
	one := width{1, 1}
	token := t.get()
	switch token {
	case "(":
		return t.group(start)
	case "[":
		text, err := t.class()
		return piece{item, text, one}, err
	case ".":
		if t.flags&DotAll != 0 {
			return piece{item, `(?s:.)`, one}, nil
		}
		return piece{item, `.`, one}, nil
	case "^":
		if t.flags&Multiline != 0 {
			return piece{position, `(?m:^)`, width{}}, nil
		}
		return piece{position, `\A`, width{}}, nil
	case "$":
		if t.flags&Multiline != 0 {
			return piece{position, `(?m:$)`, width{}}, nil
		}
		return piece{position, `\Z`, width{}}, nil
	}
	if token[0] == '\\' {
		return t.escape(token)
	}
	return piece{item, t.literal([]rune(token)[0]), one}, nil
}
