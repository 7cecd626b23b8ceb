package regex

import "fmt"

// Match is one match: places in characters from the start of the text.
type Match struct {
	spans []int // begin and end of each group, the whole match first; -1: not part of it
}

// Span gives begin and end of a group, 0 the whole match; ok is false when the group has
// no part in the match.
func (m *Match) Span(group int) (begin, end int, ok bool) {
	if 2*group+1 >= len(m.spans) || m.spans[2*group] < 0 {
		return 0, 0, false
	}
	return m.spans[2*group], m.spans[2*group+1], true
}

// MatchAt matches at one place of the text, as re.match does with 0. It gives nil when
// there is no match, and ErrBudget.
func (r *Regexp) MatchAt(text []rune, at int) (*Match, error) { return r.run(r.here, text, at) }

// Search finds the first match at or behind a place, as re.search does. It gives nil when
// there is no match, and ErrBudget.
func (r *Regexp) Search(text []rune, from int) (*Match, error) { return r.run(r.anywhere, text, from) }

func (r *Regexp) run(p program, text []rune, from int) (found *Match, err error) {
	if from < 0 || from > len(text) {
		return nil, nil
	}
	re, err := p()
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("pattern cannot be matched: %v", p)
		}
	}()
	m, err := re.FindRunesMatchStartingAt(text, from)
	if err != nil {
		return nil, ErrBudget
	}
	if m == nil {
		return nil, nil
	}
	found = &Match{spans: make([]int, 2*(r.groups+1))}
	for i := range r.groups + 1 {
		begin, end := -1, -1
		if g := m.GroupByNumber(i); g != nil && len(g.Captures) > 0 {
			begin, end = g.Index, g.Index+g.Length
		}
		found.spans[2*i], found.spans[2*i+1] = begin, end
	}
	return found, nil
}

// Matches finds the matches in a text one after the other as re.finditer does: an empty
// match may follow another one where that ended, and after an empty match one that is not
// may start at the same place. It is for one goroutine.
type Matches struct {
	re    *Regexp
	text  []rune
	pos   int
	empty bool // the last match was empty, at pos
}

// Matches gives the matches in a text; nothing is searched yet.
func (r *Regexp) Matches(text []rune) *Matches { return &Matches{re: r, text: text} }

// Next gives the next match, nil behind the last one, and ErrBudget.
func (m *Matches) Next() (*Match, error) {
	if m.pos > len(m.text) {
		return nil, nil
	}
	p := m.re.anywhere
	if m.empty {
		p = m.re.filled
	}
	found, err := m.re.run(p, m.text, m.pos)
	if err != nil {
		return nil, err
	}
	if found == nil {
		m.pos = len(m.text) + 1
		return nil, nil
	}
	begin, end, _ := found.Span(0)
	m.pos, m.empty = end, begin == end
	return found, nil
}
