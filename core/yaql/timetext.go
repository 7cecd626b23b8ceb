package yaql

import (
	"fmt"
	"strings"
	"time"
)

// ISOTime writes a time as Python's isoformat does: microseconds only when there are
// some, and the offset as +hh:mm.
func ISOTime(t time.Time) string { return isoTime(t, 'T') }

func isoTime(t time.Time, separator byte) string {
	s := fmt.Sprintf("%04d-%02d-%02d%c%02d:%02d:%02d", t.Year(), t.Month(), t.Day(), separator, t.Hour(), t.Minute(), t.Second())
	if micros := t.Nanosecond() / 1000; micros != 0 {
		s += fmt.Sprintf(".%06d", micros)
	}
	return s + OffsetText(t, ":")
}

// OffsetText is the offset of a time as +hh<separator>mm, with seconds when there are some.
func OffsetText(t time.Time, separator string) string {
	_, offset := t.Zone()
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	s := fmt.Sprintf("%c%02d%s%02d", sign, offset/3600, separator, offset/60%60)
	if offset%60 != 0 {
		s += fmt.Sprintf("%s%02d", separator, offset%60)
	}
	return s
}

func dateTimeRepr(t time.Time) string {
	parts := []string{fmt.Sprint(t.Year()), fmt.Sprint(int(t.Month())), fmt.Sprint(t.Day()), fmt.Sprint(t.Hour()), fmt.Sprint(t.Minute())}
	micros := t.Nanosecond() / 1000
	if t.Second() != 0 || micros != 0 {
		parts = append(parts, fmt.Sprint(t.Second()))
	}
	if micros != 0 {
		parts = append(parts, fmt.Sprint(micros))
	}
	zone := "tzutc()"
	if _, offset := t.Zone(); offset != 0 {
		zone = fmt.Sprintf("tzoffset(None, %d)", offset)
	}
	return "datetime.datetime(" + strings.Join(parts, ", ") + ", tzinfo=" + zone + ")"
}

// spanText is Python's str(timedelta): "1 day, 2:03:04.000005".
func spanText(t Timespan) string {
	seconds := t.Micros / 1_000_000
	s := fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	if micros := t.Micros % 1_000_000; micros != 0 {
		s += fmt.Sprintf(".%06d", micros)
	}
	switch t.Days {
	case 0:
		return s
	case 1, -1:
		return fmt.Sprintf("%d day, %s", t.Days, s)
	}
	return fmt.Sprintf("%d days, %s", t.Days, s)
}

func spanRepr(t Timespan) string {
	var parts []string
	if t.Days != 0 {
		parts = append(parts, fmt.Sprintf("days=%d", t.Days))
	}
	if seconds := t.Micros / 1_000_000; seconds != 0 {
		parts = append(parts, fmt.Sprintf("seconds=%d", seconds))
	}
	if micros := t.Micros % 1_000_000; micros != 0 {
		parts = append(parts, fmt.Sprintf("microseconds=%d", micros))
	}
	if parts == nil {
		parts = []string{"0"}
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}
