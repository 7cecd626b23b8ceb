package regex

import (
	"fmt"
	"strconv"
	"strings"
)

// group reads what a parenthesis, just taken, begins.
func (t *translator) group(start bool) (piece, error) {
	open := t.pos - 1
	if !t.take("?") {
		return t.capture(open, "")
	}
	kind := t.get()
	switch kind {
	case "":
		return piece{}, t.fail(0, "unexpected end of pattern")
	case "P":
		return t.python(open)
	case ":", ">":
		return t.inside(open, "(?"+kind)
	case "#":
		for t.more() {
			if t.get() == ")" {
				return piece{}, nil
			}
		}
		return piece{}, t.failAt(open, "missing ), unterminated comment")
	case "=", "!":
		p, err := t.inside(open, "(?"+kind)
		p.width = width{}
		return p, err
	case "<":
		return t.lookBehind(open)
	case "(":
		return t.conditional(open)
	}
	if strings.Contains("aiLmsux-", kind) {
		return t.flagGroup(open, kind, start)
	}
	return piece{}, t.fail(len([]rune(kind))+1, "unknown extension ?%s", kind)
}

// inside reads the rest of a group that is written with the given head; flags that are set
// inside end with it.
func (t *translator) inside(open int, head string) (piece, error) {
	flags := t.flags
	text, w, err := t.alternatives()
	t.flags = flags
	if err == nil && !t.take(")") {
		err = t.failAt(open, "missing ), unterminated subpattern")
	}
	return piece{item, head + text + ")", w}, err
}

func (t *translator) capture(open int, name string) (piece, error) {
	t.groups++
	n := t.groups
	if name != "" {
		if was, twice := t.names[name]; twice {
			return piece{}, t.fail(len([]rune(name))+1, "redefinition of group name %s as group %d; was group %d", repr(name), n, was)
		}
		t.names[name] = n
	}
	p, err := t.inside(open, fmt.Sprintf("(?<%d>", n))
	t.widths[n] = p.width
	return p, err
}

// python reads what (?P begins: a named group, or a reference to one.
func (t *translator) python(open int) (piece, error) {
	kind := t.get()
	end := map[string]string{"<": ">", "=": ")"}[kind]
	switch {
	case kind == "":
		return piece{}, t.fail(0, "unexpected end of pattern")
	case end == "":
		return piece{}, t.fail(len([]rune(kind))+2, "unknown extension ?P%s", kind)
	}
	name, err := t.groupName(end)
	if err == nil {
		err = t.checkName(name)
	}
	switch {
	case err != nil:
		return piece{}, err
	case kind == "<":
		return t.capture(open, name)
	}
	back := len([]rune(name)) + 1
	group, ok := t.names[name]
	if !ok {
		return piece{}, t.fail(back, "unknown group name %s", repr(name))
	}
	return t.reference(group, back)
}

// lookBehind is written as a step back and a look ahead from there. The engine would read
// the expression backward, and leave other groups than Python does.
func (t *translator) lookBehind(open int) (piece, error) {
	kind := t.get()
	switch kind {
	case "":
		return piece{}, t.fail(0, "unexpected end of pattern")
	case "=", "!":
	default:
		return piece{}, t.fail(len([]rune(kind))+2, "unknown extension ?<%s", kind)
	}
	outer := t.behind
	if outer < 0 {
		t.behind = t.groups
	}
	p, err := t.inside(open, "(?=")
	t.behind = outer
	if p.min != p.max {
		t.variable = true
	}
	return piece{item, fmt.Sprintf(`(?<%s%s(?s:.){%d})`, kind, p.text, p.min), width{}}, err
}

// conditional reads (?(group)yes|no).
func (t *translator) conditional(open int) (piece, error) {
	name, err := t.groupName(")")
	if err != nil {
		return piece{}, err
	}
	back := len([]rune(name)) + 1
	group, err := t.conditionGroup(name, back)
	if err == nil {
		err = t.visible(group)
	}
	if err != nil {
		return piece{}, err
	}
	flags := t.flags
	defer func() { t.flags = flags }()
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > maxDepth {
		return piece{}, t.fail(0, "pattern nested too deep")
	}
	yes, w, err := t.sequence(false)
	if err != nil {
		return piece{}, err
	}
	no, v := "", width{}
	if t.take("|") {
		if no, v, err = t.sequence(false); err != nil {
			return piece{}, err
		}
		if t.peek() == "|" {
			return piece{}, t.fail(0, "conditional backref with more than two branches")
		}
	}
	if !t.take(")") {
		return piece{}, t.failAt(open, "missing ), unterminated subpattern")
	}
	return piece{item, fmt.Sprintf("(?(%d)%s|%s)", group, yes, no), width{min(w.min, v.min), max(w.max, v.max)}}, nil
}

func (t *translator) conditionGroup(name string, back int) (int, error) {
	if !isNumber(name) {
		if err := t.checkName(name); err != nil {
			return 0, err
		}
		group, ok := t.names[name]
		if !ok {
			return 0, t.fail(back, "unknown group name %s", repr(name))
		}
		return group, nil
	}
	group, err := strconv.Atoi(name)
	switch {
	case err != nil || group >= unbounded:
		return 0, t.fail(back, "invalid group reference %s", name)
	case group == 0:
		return 0, t.fail(back, "bad group number")
	}
	t.conditions = append(t.conditions, condition{group, t.pos - back})
	return group, nil
}
