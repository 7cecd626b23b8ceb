package regex

import (
	"fmt"
	"strconv"
)

const (
	// tooMany is where Python refuses a number of repetitions.
	tooMany = 4294967295
	// spelled is how often the engine may write a character out for its table of prefixes.
	spelled = 1000
)

// quantifier is *, +, ? or {m,n}.
type quantifier struct {
	low, high int
	at        int // where it stands
}

// quantifier reads one; a brace that is none stands for itself.
func (t *translator) quantifier() (q quantifier, ok bool, err error) {
	at := t.pos
	switch t.peek() {
	case "*":
		q = quantifier{0, unbounded, at}
	case "+":
		q = quantifier{1, unbounded, at}
	case "?":
		q = quantifier{0, 1, at}
	case "{":
		return t.braces()
	default:
		return q, false, nil
	}
	t.get()
	return q, true, nil
}

func (t *translator) braces() (q quantifier, ok bool, err error) {
	at := t.pos
	t.get()
	low := t.run(-1, digits)
	high := low
	comma := t.take(",")
	if comma {
		high = t.run(-1, digits)
	}
	if low == "" && !comma || !t.take("}") {
		t.pos = at
		return q, false, nil
	}
	q = quantifier{0, unbounded, at}
	if low != "" {
		if q.low, err = count(low); err != nil {
			return q, false, err
		}
	}
	if high != "" {
		if q.high, err = count(high); err != nil {
			return q, false, err
		}
	}
	if q.high < q.low {
		return q, false, t.failAt(at+1, "min repeat greater than max repeat")
	}
	return q, true, nil
}

func count(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n >= tooMany {
		return 0, &SyntaxError{Message: "the repetition number is too large", Position: -1}
	}
	return int(min(n, unbounded)), nil
}

// repeat puts a quantifier, and the ? or + that may follow it, behind the last piece. The
// engine goes astray in lazy loops without a limit whose rounds match nothing, so they get
// a limit.
func (t *translator) repeat(pieces []piece, q quantifier) error {
	if len(pieces) == 0 || pieces[len(pieces)-1].kind == position {
		return t.failAt(q.at, "nothing to repeat")
	}
	p := &pieces[len(pieces)-1]
	if p.kind == repeated {
		return t.failAt(q.at, "multiple repeat")
	}
	p.kind = repeated
	if q.low > spelled {
		p.text = "(?:(?=)" + p.text + ")"
	}
	lazy := t.take("?")
	if q.high == unbounded && !(lazy && p.min == 0) {
		p.text += fmt.Sprintf("{%d,}", min(q.low, unbounded-1))
	} else {
		p.text += fmt.Sprintf("{%d,%d}", min(q.low, unbounded-1), min(q.high, unbounded-1))
	}
	switch {
	case lazy:
		p.text += "?"
	case t.take("+"):
		p.text = "(?>" + p.text + ")"
	}
	p.width = p.times(q.low, q.high)
	return nil
}
