package regex

import "unicode"

// matcher is one search. A node is matched with what must match behind it: next. When
// next fails, the node tries its other ways.
type matcher struct {
	re    *Regexp
	text  []rune
	spans []int
	steps int
	depth int
	err   error
}

// maxDepth bounds the stack: what stands behind a node is matched within its call.
const maxDepth = 100_000

type next func(i int) bool

func newMatcher(r *Regexp, text []rune) *matcher {
	return &matcher{re: r, text: text, spans: make([]int, 2*(r.groups+1))}
}

// run matches at one place and leaves the spans.
func (m *matcher) run(at int) bool {
	for i := range m.spans {
		m.spans[i] = -1
	}
	m.spans[0] = at
	return m.match(m.re.root, at, func(end int) bool {
		m.spans[1] = end
		return true
	})
}

func (m *matcher) match(n *node, i int, k next) bool {
	m.steps++
	m.depth++
	defer func() { m.depth-- }()
	if m.steps > MaxSteps || m.depth > maxDepth {
		m.err = ErrBudget
	}
	if m.err != nil {
		return false
	}
	switch n.op {
	case empty:
		return k(i)
	case char, class:
		return i < len(m.text) && m.one(n, m.text[i]) && k(i+1)
	case concat:
		return m.sequence(n.subs, i, k)
	case alternate:
		for _, s := range n.subs {
			if m.match(s, i, k) {
				return true
			}
		}
		return false
	case repeat:
		if sub := n.subs[0]; sub.op == char || sub.op == class {
			return m.run1(n, sub, i, k)
		}
		return m.loop(n, 0, i, -1, k)
	case capture:
		return m.capture(n, i, k)
	case atomic:
		end := -1
		return m.match(n.subs[0], i, func(e int) bool { end = e; return true }) && k(end)
	case look:
		return m.look(n, i) && k(i)
	case reference:
		return m.reference(n, i, k)
	}
	return m.edge(n, i) && k(i)
}

func (m *matcher) sequence(subs []*node, i int, k next) bool {
	if len(subs) == 0 {
		return k(i)
	}
	return m.match(subs[0], i, func(j int) bool { return m.sequence(subs[1:], j, k) })
}

// one tests a single character.
func (m *matcher) one(n *node, r rune) bool {
	if n.op == class {
		return n.set.has(r)
	}
	return n.r == r || n.flags&IgnoreCase != 0 && sameLetter(n.r, r)
}

func sameLetter(a, b rune) bool {
	for f := unicode.SimpleFold(a); f != a; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
	}
	return false
}

// run1 repeats a single character without a stack of calls.
func (m *matcher) run1(n, sub *node, i int, k next) bool {
	limit := len(m.text) - i
	if n.max >= 0 {
		limit = min(limit, n.max)
	}
	if n.lazy {
		for count := 0; ; count++ {
			if count >= n.min && k(i+count) {
				return true
			}
			if m.err != nil || count == limit || !m.one(sub, m.text[i+count]) {
				return false
			}
			m.steps++
		}
	}
	count := 0
	for count < limit && m.one(sub, m.text[i+count]) {
		count++
	}
	m.steps += count
	for ; count >= n.min; count-- {
		if k(i + count) {
			return true
		}
		if m.err != nil {
			return false
		}
	}
	return false
}

// loop repeats anything else. last is where the round before began, once there were
// enough: a round that begins there again has matched nothing, and is the last one.
func (m *matcher) loop(n *node, count, i, last int, k next) bool {
	round := func(last int) bool {
		return m.match(n.subs[0], i, func(j int) bool { return m.loop(n, count+1, j, last, k) })
	}
	if count < n.min {
		return round(last)
	}
	more := (n.max < 0 || count < n.max) && i != last
	if n.lazy {
		return k(i) || more && m.err == nil && round(i)
	}
	return more && round(i) || m.err == nil && k(i)
}

func (m *matcher) capture(n *node, i int, k next) bool {
	from, to := m.spans[2*n.group], m.spans[2*n.group+1]
	if m.match(n.subs[0], i, func(j int) bool {
		innerFrom, innerTo := m.spans[2*n.group], m.spans[2*n.group+1]
		m.spans[2*n.group], m.spans[2*n.group+1] = i, j
		if k(j) {
			return true
		}
		m.spans[2*n.group], m.spans[2*n.group+1] = innerFrom, innerTo
		return false
	}) {
		return true
	}
	m.spans[2*n.group], m.spans[2*n.group+1] = from, to
	return false
}

func (m *matcher) look(n *node, i int) bool {
	at := i
	if n.behind >= 0 {
		if at -= n.behind; at < 0 {
			return n.negated
		}
	}
	return m.match(n.subs[0], at, func(int) bool { return true }) != n.negated
}

func (m *matcher) reference(n *node, i int, k next) bool {
	from, to := m.spans[2*n.group], m.spans[2*n.group+1]
	if from < 0 || to < 0 || i+to-from > len(m.text) {
		return false
	}
	for j := from; j < to; j++ {
		a, b := m.text[j], m.text[i+j-from]
		if a != b && !(n.flags&IgnoreCase != 0 && sameLetter(a, b)) {
			return false
		}
	}
	return k(i + to - from)
}

func (m *matcher) edge(n *node, i int) bool {
	switch n.op {
	case lineStart:
		return i == 0 || n.flags&Multiline != 0 && m.text[i-1] == '\n'
	case lineEnd:
		return i == len(m.text) || m.text[i] == '\n' && (n.flags&Multiline != 0 || i == len(m.text)-1)
	case textStart:
		return i == 0
	case textEnd:
		return i == len(m.text)
	}
	w := func(j int) bool {
		return j >= 0 && j < len(m.text) && isWord(m.text[j]) && (n.flags&ASCII == 0 || m.text[j] < 0x80)
	}
	return (w(i-1) != w(i)) != n.negated
}
