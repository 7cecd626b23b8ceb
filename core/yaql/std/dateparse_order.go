package std

import (
	"math"
	"strconv"
	"strings"
)

// dateNumbers are the up to three numbers of a date in the order of the text, with the
// places of those that can only be the year, the month or the day.
type dateNumbers struct {
	values  []int
	y, m, d int // 1-based places, 0 unknown
	century bool

	year, month, day int // after resolve; -1 or 0 unknown
}

// add takes a number as it was written: more than two digits are a year.
func (n *dateNumbers) add(s string, label byte) bool {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || s == "" || strings.Trim(s, "0123456789.") != "" || f != math.Trunc(f) {
			return false
		}
		s = strconv.Itoa(int(f))
	}
	if len(s) > 2 {
		n.century = true
		if label != 0 && label != 'Y' {
			return false
		}
		label = 'Y'
	}
	v, ok := atoi(s)
	return ok && n.put(v, label)
}

// addValue takes a number by its value: above 100 it is a year.
func (n *dateNumbers) addValue(f float64) bool {
	if math.Abs(f) > 1e6 {
		return false
	}
	label := byte(0)
	if f > 100 {
		n.century, label = true, 'Y'
	}
	return n.put(int(f), label)
}

func (n *dateNumbers) put(v int, label byte) bool {
	n.values = append(n.values, v)
	place := map[byte]*int{'Y': &n.y, 'M': &n.m, 'D': &n.d}[label]
	if place == nil {
		return true
	}
	if *place != 0 {
		return false
	}
	*place = len(n.values)
	return true
}

func (n *dateNumbers) couldBeDay(f float64) bool {
	switch {
	case n.d != 0 || f < 1:
		return false
	case n.m == 0:
		return f <= 31
	}
	year := 2000
	if n.y != 0 {
		year = n.values[n.y-1]
	}
	month := n.values[n.m-1]
	return month >= 1 && month <= 12 && f <= float64(daysIn(year, month))
}

// resolve decides which number is what: by the known places, by size, and else month,
// day, year, as Americans write.
func (n *dateNumbers) resolve() bool {
	n.year = -1
	v := n.values
	known := boolInt(n.y != 0) + boolInt(n.m != 0) + boolInt(n.d != 0)
	switch {
	case len(v) > 3:
		return false
	case len(v) > 0 && len(v) == known || len(v) == 3 && known == 2:
		n.byPlaces()
	case len(v) == 1 || len(v) == 2 && n.m != 0:
		n.withMonth()
	case len(v) == 2:
		switch {
		case v[0] > 31:
			n.year, n.month = v[0], v[1]
		case v[1] > 31:
			n.month, n.year = v[0], v[1]
		default:
			n.month, n.day = v[0], v[1]
		}
	case len(v) == 3:
		n.three()
	}
	return true
}

func (n *dateNumbers) byPlaces() {
	places := []*int{&n.y, &n.m, &n.d}
	if len(n.values) == 3 {
		used := n.y + n.m + n.d
		for _, p := range places {
			if *p == 0 {
				*p = 6 - used
			}
		}
	}
	for i, out := range []*int{&n.year, &n.month, &n.day} {
		if at := *places[i]; at != 0 {
			*out = n.values[at-1]
		}
	}
}

func (n *dateNumbers) withMonth() {
	other := n.values[0]
	if n.m != 0 {
		n.month = n.values[n.m-1]
		if len(n.values) == 1 {
			return
		}
		other = n.values[2-n.m]
	}
	if other > 31 {
		n.year = other
	} else {
		n.day = other
	}
}

func (n *dateNumbers) three() {
	v := n.values
	a, b, c := v[0], v[1], v[2]
	switch n.m {
	case 1:
		if b > 31 {
			n.month, n.year, n.day = a, b, c
		} else {
			n.month, n.day, n.year = a, b, c
		}
	case 2:
		if a > 31 {
			n.year, n.month, n.day = a, b, c
		} else {
			n.day, n.month, n.year = a, b, c
		}
	case 3:
		if b > 31 {
			n.day, n.year, n.month = a, b, c
		} else {
			n.year, n.day, n.month = a, b, c
		}
	default:
		switch {
		case a > 31 || n.y == 1:
			n.year, n.month, n.day = a, b, c
		case a > 12:
			n.day, n.month, n.year = a, b, c
		default:
			n.month, n.day, n.year = a, b, c
		}
	}
}
