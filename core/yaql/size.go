package yaql

import (
	"math/big"
	"time"
	"unicode/utf8"
)

// SizeOf is what one value costs against the memory quota, without what it refers to.
// It follows sys.getsizeof of CPython 3.11, in which operators give the quota.
func SizeOf(v any) int {
	switch v := v.(type) {
	case nil:
		return 16
	case bool:
		return 28
	case int64:
		return intSize(63 - leadingZeros(v))
	case *big.Int:
		return intSize(v.BitLen())
	case float64:
		return 24
	case string:
		return TextSize(v)
	case Tuple:
		return 40 + 8*len(v)
	case List:
		return ListSize(len(v))
	case *Dict:
		if v.frozen {
			return 56
		}
		return v.Size()
	case *Set:
		return SetSize(v.Len())
	case *View, Timespan:
		return 40
	case time.Time:
		return 48
	case Iterator:
		return iteratorSize
	case *Lambda:
		return 152
	case Sizer:
		return v.YaqlSize()
	}
	return 56
}

// Sizer is a value with its own size: compiled patterns.
type Sizer interface{ YaqlSize() int }

const iteratorSize = 176

func intSize(bitLen int) int {
	if bitLen <= 30 {
		return 28
	}
	return 24 + 4*((bitLen+29)/30)
}

func leadingZeros(n int64) int {
	m := magnitude(n)
	zeros := 63
	for m != 0 {
		m >>= 1
		zeros--
	}
	return zeros
}

// TextSize is the size of a text: one, two or four bytes a character by the widest one.
func TextSize(s string) int {
	head, width := textShape(s)
	if width == 1 && head == 49 {
		return head + len(s)
	}
	return head + width*utf8.RuneCountInString(s)
}

func textShape(s string) (head, width int) {
	head, width = 49, 1
	for _, c := range s {
		switch {
		case c > 0xffff:
			return 76, 4
		case c > 0xff:
			head, width = 74, 2
		case c > 0x7f && width == 1:
			head = 73
		}
	}
	return head, width
}

// ListSize is the size of a Python list that got its n items one by one.
func ListSize(n int) int {
	room := 0
	for room < n {
		room = (room + 1 + (room+1)>>3 + 6) &^ 3
	}
	return 56 + 8*room
}

// SetSize is the size of a set of n items.
func SetSize(n int) int {
	if n < 5 {
		return 216
	}
	slots := 32
	for n*5 >= (slots-1)*3 {
		slots *= 4
	}
	return 216 + 16*slots
}

// Size is the size of a plain dict with these entries.
func (d *Dict) Size() int {
	if len(d.entries) == 0 {
		return 64
	}
	width := 16 // keys that are all texts need no stored hash
	if d.mixed {
		width = 24
	}
	slots := 8
	for slots*2/3 < len(d.entries) {
		slots *= 2
	}
	index := slots
	switch {
	case slots > 32768:
		index = 4 * slots
	case slots > 128:
		index = 2 * slots
	}
	return 96 + index + width*(slots*2/3)
}
