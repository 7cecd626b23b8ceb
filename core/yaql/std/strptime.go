package std

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"hearth/core/yaql"
)

// strptimeCodes are the patterns of Python's _strptime in the C locale.
var strptimeCodes = map[byte]string{
	'd': `3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9]`,
	'f': `[0-9]{1,6}`,
	'H': `2[0-3]|[0-1]\d|\d`,
	'I': `1[0-2]|0[1-9]|[1-9]| [1-9]`,
	'G': `\d\d\d\d`,
	'j': `36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]`,
	'm': `1[0-2]|0[1-9]|[1-9]`,
	'M': `[0-5]\d|\d`,
	'S': `6[0-1]|[0-5]\d|\d`,
	'U': `5[0-3]|[0-4]\d|\d`,
	'W': `5[0-3]|[0-4]\d|\d`,
	'w': `[0-6]`,
	'u': `[1-7]`,
	'V': `5[0-3]|0[1-9]|[1-4]\d|\d`,
	'y': `\d\d`,
	'Y': `\d\d\d\d`,
	'z': `[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|Z`,
	'A': `monday|tuesday|wednesday|thursday|friday|saturday|sunday`,
	'a': `mon|tue|wed|thu|fri|sat|sun`,
	'B': `january|february|march|april|may|june|july|august|september|october|november|december`,
	'b': `jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec`,
	'p': `am|pm`,
	'Z': `utc|gmt`,
}

var strptimeCombined = strings.NewReplacer("%c", "%a %b %d %H:%M:%S %Y", "%x", "%m/%d/%y", "%X", "%H:%M:%S")

// strptime reads a time in a format, as datetime.strptime does.
func strptime(s, format string) (time.Time, error) {
	fail := func(format string, args ...any) (time.Time, error) {
		return time.Time{}, yaql.Errorf(yaql.ValueError, format, args...)
	}
	pattern, codes, err := strptimePattern(format)
	if err != nil {
		return time.Time{}, err
	}
	quoted, _ := (*yaql.Run)(nil).Repr(cut(s, 200))
	quotedFormat, _ := (*yaql.Run)(nil).Repr(cut(format, 200))
	m := pattern.FindStringSubmatch(s)
	if m == nil {
		return fail("time data %s does not match format %s", quoted, quotedFormat)
	}
	if rest := s[len(m[0]):]; rest != "" {
		return fail("unconverted data remains: %s", cut(rest, 200))
	}
	f := &timeFields{parts: parts{year: 1900, month: 1, day: 1}, week: -1, weekday: -1, yearDay: -1, isoYear: -1, isoWeek: -1}
	for i, code := range codes {
		f.set(code, strings.ToLower(m[i+1]))
	}
	return f.time()
}

func strptimePattern(format string) (*regexp.Regexp, []byte, error) {
	format = strptimeCombined.Replace(format)
	if len(format) > 1000 {
		return nil, nil, yaql.Errorf(yaql.ValueError, "format is too long")
	}
	var b strings.Builder
	var codes []byte
	b.WriteString("(?i)^")
	for i := 0; i < len(format); i++ {
		c := format[i]
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			for i+1 < len(format) && (format[i+1] == ' ' || format[i+1] >= '\t' && format[i+1] <= '\r') {
				i++
			}
			b.WriteString(`\s+`)
		case c != '%':
			b.WriteString(regexp.QuoteMeta(string(c)))
		case i+1 == len(format):
			return nil, nil, yaql.Errorf(yaql.ValueError, "stray %% in format '%s'", cut(format, 200))
		default:
			i++
			if format[i] == '%' {
				b.WriteByte('%')
				continue
			}
			p, ok := strptimeCodes[format[i]]
			if !ok {
				return nil, nil, yaql.Errorf(yaql.ValueError, "'%c' is a bad directive in format '%s'", format[i], cut(format, 200))
			}
			if strings.IndexByte(string(codes), format[i]) >= 0 {
				return nil, nil, yaql.Errorf(yaql.RegexError, "redefinition of group name '%c'", format[i])
			}
			codes = append(codes, format[i])
			b.WriteString("(" + p + ")")
		}
	}
	pattern, err := regexp.Compile(b.String())
	if err != nil {
		return nil, nil, yaql.Errorf(yaql.ValueError, "bad format: %v", err)
	}
	return pattern, codes, nil
}

// timeFields are the fields that a format found.
type timeFields struct {
	parts
	week, weekday, yearDay int
	mondayFirst            bool
	isoYear, isoWeek       int
	pm, ampm               bool
	offset                 time.Duration
}

func (f *timeFields) set(code byte, s string) {
	n, _ := strconv.Atoi(strings.TrimSpace(s))
	index := func() int {
		for i, name := range strings.Split(strptimeCodes[code], "|") {
			if name == s {
				return i
			}
		}
		return 0
	}
	switch code {
	case 'Y':
		f.year = int64(n)
	case 'y':
		f.year = int64(n + 1900 + 100*boolInt(n <= 68))
	case 'm':
		f.month = int64(n)
	case 'B', 'b':
		f.month = int64(index() + 1)
	case 'd':
		f.day = int64(n)
	case 'H', 'I':
		f.hour = int64(n)
		f.ampm = f.ampm || code == 'I'
	case 'p':
		f.pm = s == "pm"
	case 'M':
		f.minute = int64(n)
	case 'S':
		f.second = int64(n)
	case 'f':
		n, _ = strconv.Atoi((s + "000000")[:6])
		f.micro = int64(n)
	case 'A', 'a':
		f.weekday = index()
	case 'w':
		f.weekday = (n + 6) % 7
	case 'u':
		f.weekday = n - 1
	case 'j':
		f.yearDay = n
	case 'U', 'W':
		f.week, f.mondayFirst = n, code == 'W'
	case 'G':
		f.isoYear = n
	case 'V':
		f.isoWeek = n
	case 'z':
		f.offset = zoneOffset(s)
	}
}

func zoneOffset(s string) time.Duration {
	if s == "z" {
		return 0
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	unit := func(from int) time.Duration {
		if len(digits) < from+2 {
			return 0
		}
		n, _ := strconv.Atoi(digits[from : from+2])
		return time.Duration(n)
	}
	d := unit(0)*time.Hour + unit(2)*time.Minute + unit(4)*time.Second
	if s[0] == '-' {
		return -d
	}
	return d
}

func (f *timeFields) time() (time.Time, error) {
	if f.ampm {
		f.hour %= 12
		if f.pm {
			f.hour += 12
		}
	}
	switch {
	case f.isoYear >= 0 && (f.isoWeek < 0 || f.weekday < 0):
		return time.Time{}, yaql.Errorf(yaql.ValueError, "ISO year directive '%%G' must be used with the ISO week directive '%%V' and a weekday directive ('%%A', '%%a', '%%w', or '%%u').")
	case f.isoWeek >= 0 && f.isoYear < 0:
		return time.Time{}, yaql.Errorf(yaql.ValueError, "ISO week directive '%%V' must be used with the ISO year directive '%%G' and a weekday directive ('%%A', '%%a', '%%w', or '%%u').")
	case f.isoYear >= 0:
		f.date(isoDate(f.isoYear, f.isoWeek, f.weekday))
	case f.yearDay >= 0:
		f.date(time.Date(int(f.year), 1, f.yearDay, 0, 0, 0, 0, time.UTC))
	case f.week >= 0 && f.weekday >= 0:
		f.date(weekDate(int(f.year), f.week, f.weekday, f.mondayFirst))
	}
	zone := time.UTC
	if f.offset != 0 {
		zone = time.FixedZone("", int(f.offset/time.Second))
	}
	return f.parts.time(zone)
}

func (f *timeFields) date(t time.Time) {
	f.year, f.month, f.day = int64(t.Year()), int64(t.Month()), int64(t.Day())
}

func isoDate(year, week, weekday0 int) time.Time {
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	return fourth.AddDate(0, 0, 7*(week-1)+weekday0-weekday(fourth))
}

func weekDate(year, week, weekday0 int, mondayFirst bool) time.Time {
	first := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	start, day := weekday(first), weekday0
	if !mondayFirst {
		start, day = (start+1)%7, (day+1)%7
	}
	week0 := (7 - start) % 7
	if week == 0 {
		return first.AddDate(0, 0, day-start)
	}
	return first.AddDate(0, 0, week0+7*(week-1)+day)
}
