package std

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// translation is a pattern of Python's re in the syntax of the engine (.NET's), with the
// groups numbered as Python numbers them.
type translation struct {
	text   string
	groups int
	names  map[string]int
	named  []int
}

// translator reads Python's syntax. It refuses what Python refuses and writes every
// construct so that the engine takes it the same way.
type translator struct {
	src     []rune
	pos     int
	out     strings.Builder
	groups  int
	names   map[string]int
	named   []int
	open    map[int]bool
	verbose bool
	ascii   bool
	depth   int
}

// width is how many characters an expression can match.
type width struct{ min, max int }

const unbounded = math.MaxInt32

func (w width) plus(o width) width {
	return width{clampWidth(w.min + o.min), clampWidth(w.max + o.max)}
}

func clampWidth(n int) int { return min(n, unbounded) }

func translate(pattern string, f flags) (*translation, error) {
	t := &translator{src: []rune(pattern), names: map[string]int{}, open: map[int]bool{}}
	if err := t.globalFlags(); err != nil {
		return nil, err
	}
	if _, err := t.alternatives(); err != nil {
		return nil, err
	}
	if t.pos < len(t.src) {
		return nil, regexError("unbalanced parenthesis at position %d", t.pos)
	}
	return &translation{t.out.String(), t.groups, t.names, t.named}, nil
}

func (t *translator) peek(s string) bool {
	for i, r := range []rune(s) {
		if t.pos+i >= len(t.src) || t.src[t.pos+i] != r {
			return false
		}
	}
	return true
}

func (t *translator) take(s string) bool {
	if t.peek(s) {
		t.pos += len([]rune(s))
		return true
	}
	return false
}

// globalFlags reads (?i) and the like at the very start.
func (t *translator) globalFlags() error {
	for t.peek("(?") {
		end := t.pos + 2
		for end < len(t.src) && strings.ContainsRune("aiLmsux", t.src[end]) {
			end++
		}
		if end == t.pos+2 || end >= len(t.src) || t.src[end] != ')' {
			return nil
		}
		if err := t.flagLetters(string(t.src[t.pos+2:end]), true); err != nil {
			return err
		}
		t.pos = end + 1
	}
	return nil
}

// flagLetters applies flags that are switched on and writes those that the engine has.
func (t *translator) flagLetters(letters string, inline bool) error {
	native := ""
	for _, r := range letters {
		switch r {
		case 'i', 'm', 's':
			native += string(r)
		case 'x':
			t.verbose = true
		case 'a':
			t.ascii = true
		case 'L':
			return regexError("bad inline flags: cannot use 'L' flag with a str pattern at position %d", t.pos)
		}
	}
	if inline && native != "" {
		fmt.Fprintf(&t.out, "(?%s)", native)
	}
	return nil
}

func (t *translator) alternatives() (width, error) {
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > 100 {
		return width{}, regexError("pattern nested too deep at position %d", t.pos)
	}
	total := width{unbounded, 0}
	for {
		w, err := t.sequence()
		if err != nil {
			return w, err
		}
		total = width{min(total.min, w.min), max(total.max, w.max)}
		if !t.take("|") {
			return total, nil
		}
		t.out.WriteByte('|')
	}
}

func (t *translator) sequence() (width, error) {
	total := width{}
	for t.pos < len(t.src) && !t.peek("|") && !t.peek(")") {
		if t.verbose && t.skipVerbose() {
			continue
		}
		before := t.out.Len()
		start := t.pos
		w, repeatable, err := t.atom()
		if err != nil {
			return w, err
		}
		if w, err = t.repeats(w, before, start, repeatable); err != nil {
			return w, err
		}
		total = total.plus(w)
	}
	return total, nil
}

func (t *translator) skipVerbose() bool {
	switch r := t.src[t.pos]; {
	case isSpace(r):
		t.pos++
		return true
	case r == '#':
		for t.pos < len(t.src) && t.src[t.pos] != '\n' {
			t.pos++
		}
		return true
	}
	return false
}

// repeats reads the quantifier of the atom that was written from offset before on.
func (t *translator) repeats(w width, before, start int, repeatable bool) (width, error) {
	for t.verbose && t.pos < len(t.src) && t.skipVerbose() {
	}
	low, high, ok, err := t.quantifier()
	if err != nil || !ok {
		return w, err
	}
	if !repeatable {
		return w, regexError("nothing to repeat at position %d", start)
	}
	atom := t.out.String()[before:]
	all := t.out.String()[:before]
	t.out.Reset()
	t.out.WriteString(all)
	bounds := fmt.Sprintf("{%d,%d}", low, high)
	if high == unbounded {
		bounds = fmt.Sprintf("{%d,}", low)
	}
	switch {
	case t.take("?"):
		t.out.WriteString("(?:" + atom + ")" + bounds + "?")
	case t.take("+"):
		t.out.WriteString("(?>(?:" + atom + ")" + bounds + ")")
	default:
		t.out.WriteString("(?:" + atom + ")" + bounds)
	}
	if _, _, again, _ := t.quantifier(); again {
		return w, regexError("multiple repeat at position %d", t.pos-1)
	}
	return width{timesWidth(w.min, low), timesWidth(w.max, high)}, nil
}

func timesWidth(w, n int) int {
	if w == 0 || n == 0 {
		return 0
	}
	if w >= unbounded/n {
		return unbounded
	}
	return w * n
}

// quantifier reads *, +, ? or {m,n}; a brace that is none stands for itself.
func (t *translator) quantifier() (low, high int, ok bool, err error) {
	switch {
	case t.take("*"):
		return 0, unbounded, true, nil
	case t.take("+"):
		return 1, unbounded, true, nil
	case t.take("?"):
		return 0, 1, true, nil
	case !t.peek("{"):
		return 0, 0, false, nil
	}
	end := t.pos + 1
	for end < len(t.src) && t.src[end] != '}' {
		end++
	}
	if end >= len(t.src) {
		return 0, 0, false, nil
	}
	lowText, highText, comma := strings.Cut(string(t.src[t.pos+1:end]), ",")
	if strings.Trim(lowText+highText, "0123456789") != "" || lowText == "" && !comma {
		return 0, 0, false, nil
	}
	high = unbounded
	if low, err = repeatCount(lowText, 0, t.pos); err != nil {
		return 0, 0, false, err
	}
	if comma {
		high, err = repeatCount(highText, unbounded, t.pos)
	} else {
		high = low
	}
	switch {
	case err != nil:
		return 0, 0, false, err
	case low > high:
		return 0, 0, false, regexError("min repeat greater than max repeat at position %d", t.pos+1)
	}
	t.pos = end + 1
	return low, high, true, nil
}

func repeatCount(s string, none, at int) (int, error) {
	if s == "" {
		return none, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n >= unbounded {
		return 0, regexError("the repetition number is too large at position %d", at)
	}
	return n, nil
}
