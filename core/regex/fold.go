package regex

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// alike are letters that Python takes for one another beyond the orbits of folding.
var alike = []string{"iIıİ", "\u0390\u1fd3", "\u03b0\u1fe3", "\ufb05\ufb06"}

// variants are the characters that Python takes for r when it ignores the case, r among
// them. The engine's own ignoring of case knows only lower case, and is used for references
// alone, where Python does the same.
func (t *translator) variants(r rune) []rune {
	switch {
	case t.flags&IgnoreCase == 0:
	case t.flags&ASCII == 0:
		return orbit(r)
	case isASCIILetter(r):
		return []rune{r, r ^ 0x20}
	}
	return []rune{r}
}

func orbit(r rune) []rune {
	for _, letters := range alike {
		if strings.ContainsRune(letters, r) {
			return []rune(letters)
		}
	}
	out := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		out = append(out, f)
	}
	return out
}

// cased are the characters with another case, in order, each before the others of its orbit.
var cased = sync.OnceValue(func() [][]rune {
	letters := []rune(strings.Join(alike, ""))
	for _, c := range unicode.CaseRanges {
		for r := rune(c.Lo); r <= rune(c.Hi); r++ {
			letters = append(letters, orbit(r)...)
		}
	}
	slices.Sort(letters)
	letters = slices.Compact(letters)
	out := make([][]rune, len(letters))
	for i, r := range letters {
		others := slices.DeleteFunc(orbit(r), func(v rune) bool { return v == r })
		out[i] = append([]rune{r}, others...)
	}
	return out
})

// literal is a character outside of classes.
func (t *translator) literal(r rune) string {
	if len(t.variants(r)) == 1 {
		return quote(r)
	}
	return "[" + t.rangeText(r, r) + "]"
}

// rangeText is a range within a class, with what the case adds to it.
func (t *translator) rangeText(low, high rune) string {
	var out strings.Builder
	out.WriteString(quote(low))
	if low < high {
		out.WriteString("-" + quote(high))
	}
	if t.flags&IgnoreCase == 0 {
		return out.String()
	}
	add := func(variants []rune) {
		for _, v := range variants {
			if v < low || v > high {
				out.WriteString(quote(v))
			}
		}
	}
	if high < utf8.RuneSelf || low == high || t.flags&ASCII != 0 {
		for r := low; r <= min(high, max(low, utf8.RuneSelf)); r++ {
			add(t.variants(r))
		}
		return out.String()
	}
	from, _ := slices.BinarySearchFunc(cased(), low, func(o []rune, r rune) int { return int(o[0] - r) })
	for _, o := range cased()[from:] {
		if o[0] > high {
			break
		}
		add(o)
	}
	return out.String()
}

// quote writes a character so that it stands for itself, in a class too.
func quote(r rune) string {
	switch {
	case r < utf8.RuneSelf && !isASCIILetter(r) && (r < '0' || r > '9'):
		return fmt.Sprintf(`\x%02x`, r)
	case !utf8.ValidRune(r):
		return fmt.Sprintf(`\u%04x`, r)
	}
	return string(r)
}
