package std

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"hearth/core/yaql"
)

func formatTime(c *yaql.Call, t time.Time, format string) (any, error) {
	if err := c.Run.Alloc(20 * len(format)); err != nil {
		return nil, err
	}
	return strftime(t, format), nil
}

// strftime writes a time as C's strftime and Python's %f do, in the C locale. Codes that
// do not exist stay.
func strftime(t time.Time, format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		flag := byte(0)
		if strings.IndexByte("-_0^#", format[i]) >= 0 && i+1 < len(format) {
			flag = format[i]
			i++
		}
		out, ok := timeCode(t, format[i])
		if !ok {
			b.WriteByte('%')
			if flag != 0 {
				b.WriteByte(flag)
			}
			b.WriteByte(format[i])
			continue
		}
		b.WriteString(flagged(out, flag))
	}
	return b.String()
}

func flagged(s string, flag byte) string {
	switch flag {
	case '-':
		if trimmed := strings.TrimLeft(s, "0 "); trimmed != "" {
			return trimmed
		}
		return s[max(0, len(s)-1):]
	case '_':
		trimmed := strings.TrimLeft(s[:max(0, len(s)-1)], "0")
		return strings.Repeat(" ", max(0, len(s)-1-len(trimmed))) + trimmed + s[max(0, len(s)-1):]
	case '0':
		return strings.ReplaceAll(s, " ", "0")
	case '^':
		return strings.ToUpper(s)
	}
	return s
}

func timeCode(t time.Time, code byte) (string, bool) {
	two := func(n int) (string, bool) { return fmt.Sprintf("%02d", n), true }
	switch code {
	case 'a':
		return t.Format("Mon"), true
	case 'A':
		return t.Format("Monday"), true
	case 'b', 'h':
		return t.Format("Jan"), true
	case 'B':
		return t.Format("January"), true
	case 'c':
		return strftime(t, "%a %b %e %H:%M:%S %Y"), true
	case 'C':
		return two(t.Year() / 100)
	case 'd':
		return two(t.Day())
	case 'D', 'x':
		return strftime(t, "%m/%d/%y"), true
	case 'e':
		return fmt.Sprintf("%2d", t.Day()), true
	case 'f':
		return fmt.Sprintf("%06d", t.Nanosecond()/1000), true
	case 'F':
		return strftime(t, "%Y-%m-%d"), true
	case 'g', 'G', 'V':
		year, week := t.ISOWeek()
		return map[byte]string{'g': fmt.Sprintf("%02d", year%100), 'G': strconv.Itoa(year), 'V': fmt.Sprintf("%02d", week)}[code], true
	case 'H':
		return two(t.Hour())
	case 'I':
		return two((t.Hour()+11)%12 + 1)
	case 'j':
		return fmt.Sprintf("%03d", t.YearDay()), true
	case 'k':
		return fmt.Sprintf("%2d", t.Hour()), true
	case 'l':
		return fmt.Sprintf("%2d", (t.Hour()+11)%12+1), true
	case 'm':
		return two(int(t.Month()))
	case 'M':
		return two(t.Minute())
	case 'n':
		return "\n", true
	case 'p':
		return t.Format("PM"), true
	case 'P':
		return t.Format("pm"), true
	case 'r':
		return strftime(t, "%I:%M:%S %p"), true
	case 'R':
		return strftime(t, "%H:%M"), true
	case 's':
		wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
		return strconv.FormatInt(wall.Unix(), 10), true
	case 'S':
		return two(t.Second())
	case 't':
		return "\t", true
	case 'T', 'X':
		return strftime(t, "%H:%M:%S"), true
	case 'u':
		return strconv.Itoa(weekday(t) + 1), true
	case 'U':
		return two((t.YearDay() + 6 - int(t.Weekday())) / 7)
	case 'w':
		return strconv.Itoa(int(t.Weekday())), true
	case 'W':
		return two((t.YearDay() + 6 - weekday(t)) / 7)
	case 'y':
		return two(t.Year() % 100)
	case 'Y':
		return strconv.Itoa(t.Year()), true
	case 'z':
		return yaql.OffsetText(t, ""), true
	case 'Z':
		if t.Location() == time.UTC {
			return "UTC", true
		}
		return "", true
	case '%':
		return "%", true
	}
	return "", false
}
