package std

import (
	"fmt"
	"strconv"
	"strings"
)

// group reads what starts with a parenthesis.
func (t *translator) group() (width, bool, error) {
	start := t.pos
	t.pos++
	if !t.take("?") {
		return t.capture(start, "")
	}
	switch {
	case t.take("P<"):
		name, err := t.until('>', start)
		if err != nil {
			return width{}, false, err
		}
		if !isIdentifier(name) {
			return width{}, false, regexError("bad character in group name '%s' at position %d", name, start+4)
		}
		if _, ok := t.names[name]; ok {
			return width{}, false, regexError("redefinition of group name '%s' at position %d", name, start+4)
		}
		return t.capture(start, name)
	case t.take("P="):
		return t.namedReference(start)
	case t.take("#"):
		_, err := t.until(')', start)
		return width{}, false, err
	case t.take(":"):
		return t.inside("(?:", start)
	case t.take(">"):
		return t.inside("(?>", start)
	case t.take("="), t.take("!"):
		_, _, err := t.inside("(?"+string(t.src[t.pos-1]), start)
		return width{}, true, err
	case t.take("<="), t.take("<!"):
		w, _, err := t.inside("(?<"+string(t.src[t.pos-1]), start)
		if err == nil && w.min != w.max {
			err = regexError("look-behind requires fixed-width pattern")
		}
		return width{}, true, err
	case t.take("("):
		return t.conditional(start)
	}
	return t.scopedFlags(start)
}

// until reads up to end, which it passes.
func (t *translator) until(end rune, start int) (string, error) {
	from := t.pos
	for t.pos < len(t.src) {
		if t.src[t.pos] == end {
			t.pos++
			if t.pos-1 == from && end == '>' {
				return "", regexError("missing group name at position %d", from)
			}
			return string(t.src[from : t.pos-1]), nil
		}
		t.pos++
	}
	if end == ')' {
		return "", regexError("missing ), unterminated comment at position %d", start)
	}
	return "", regexError("missing %c, unterminated name at position %d", end, from)
}

func (t *translator) capture(start int, name string) (width, bool, error) {
	t.groups++
	n := t.groups
	if name != "" {
		t.names[name] = n
		t.named = append(t.named, n)
	}
	t.open[n] = true
	w, ok, err := t.inside(fmt.Sprintf("(?<%d>", n), start)
	delete(t.open, n)
	return w, ok, err
}

// inside reads the rest of a group that is written with the given head.
func (t *translator) inside(head string, start int) (width, bool, error) {
	t.out.WriteString(head)
	verbose := t.verbose
	w, err := t.alternatives()
	t.verbose = verbose
	if err == nil && !t.take(")") {
		err = regexError("missing ), unterminated subpattern at position %d", start)
	}
	t.out.WriteByte(')')
	return w, true, err
}

func (t *translator) namedReference(start int) (width, bool, error) {
	name, err := t.until(')', start)
	if err != nil {
		return width{}, false, err
	}
	n, ok := t.names[name]
	switch {
	case !ok:
		return width{}, false, regexError("unknown group name '%s' at position %d", name, start+4)
	case t.open[n]:
		return width{}, false, regexError("cannot refer to an open group at position %d", start)
	}
	fmt.Fprintf(&t.out, `(?:\k<%d>)`, n)
	return width{0, unbounded}, true, nil
}

// conditional reads (?(group)yes|no).
func (t *translator) conditional(start int) (width, bool, error) {
	name, err := t.until(')', start)
	if err != nil {
		return width{}, false, err
	}
	n, ok := t.names[name]
	if !ok {
		if n, err = strconv.Atoi(name); err != nil || n < 1 {
			return width{}, false, regexError("bad character in group name '%s' at position %d", name, start+3)
		}
		if n > t.groups {
			return width{}, false, regexError("invalid group reference %d at position %d", n, start+3)
		}
	}
	fmt.Fprintf(&t.out, "(?(%d)", n)
	yes, err := t.sequence()
	no := width{}
	if err == nil && t.take("|") {
		t.out.WriteByte('|')
		if no, err = t.sequence(); err == nil && t.peek("|") {
			err = regexError("conditional backref with more than two branches at position %d", t.pos)
		}
	}
	if err == nil && !t.take(")") {
		err = regexError("missing ), unterminated subpattern at position %d", start)
	}
	t.out.WriteByte(')')
	return width{min(yes.min, no.min), max(yes.max, no.max)}, true, err
}

// scopedFlags reads (?i:…) and (?i-s:…).
func (t *translator) scopedFlags(start int) (width, bool, error) {
	from := t.pos
	for t.pos < len(t.src) && strings.ContainsRune("aiLmsux-", t.src[t.pos]) {
		t.pos++
	}
	letters := string(t.src[from:t.pos])
	switch {
	case t.pos >= len(t.src):
		return width{}, false, regexError("missing ), unterminated subpattern at position %d", start)
	case letters != "" && t.peek(")"):
		return width{}, false, regexError("global flags not at the start of the expression at position %d", start)
	case letters == "" || !t.take(":"):
		return width{}, false, regexError("unknown extension ?%c at position %d", t.src[t.pos], start+1)
	}
	on, off, _ := strings.Cut(letters, "-")
	verbose, ascii := t.verbose, t.ascii
	if err := t.flagLetters(on, false); err != nil {
		return width{}, false, err
	}
	if strings.Contains(off, "x") {
		t.verbose = false
	}
	head := "(?"
	for _, r := range on {
		if strings.ContainsRune("ims", r) {
			head += string(r)
		}
	}
	if strings.ContainsAny(off, "ims") {
		head += "-"
		for _, r := range off {
			if strings.ContainsRune("ims", r) {
				head += string(r)
			}
		}
	}
	if head == "(?" {
		head = "(?:"
	} else {
		head += ":"
	}
	w, ok, err := t.inside(head, start)
	t.verbose, t.ascii = verbose, ascii
	return w, ok, err
}
