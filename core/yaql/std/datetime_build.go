package std

import (
	"math"
	"math/big"
	"time"

	"hearth/core/yaql"
)

// parts are the parts of a time as they were given, not yet checked.
type parts struct{ year, month, day, hour, minute, second, micro int64 }

func (p parts) time(zone *time.Location) (time.Time, error) {
	fail := func(format string, args ...any) (time.Time, error) {
		return time.Time{}, yaql.Errorf(yaql.ValueError, format, args...)
	}
	switch {
	case p.year < 1 || p.year > 9999:
		return fail("year %d is out of range", p.year)
	case p.month < 1 || p.month > 12:
		return fail("month must be in 1..12")
	case p.day < 1 || p.day > int64(daysIn(int(p.year), int(p.month))):
		return fail("day is out of range for month")
	case p.hour < 0 || p.hour > 23:
		return fail("hour must be in 0..23")
	case p.minute < 0 || p.minute > 59:
		return fail("minute must be in 0..59")
	case p.second < 0 || p.second > 59:
		return fail("second must be in 0..59")
	case p.micro < 0 || p.micro > 999_999:
		return fail("microsecond must be in 0..999999")
	}
	return time.Date(int(p.year), time.Month(p.month), int(p.day), int(p.hour), int(p.minute), int(p.second), int(p.micro)*1000, zone), nil
}

func partsOf(t time.Time) parts {
	return parts{int64(t.Year()), int64(t.Month()), int64(t.Day()), int64(t.Hour()), int64(t.Minute()), int64(t.Second()), int64(t.Nanosecond() / 1000)}
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// zoneOf makes the zone of an offset, which must be less than a day.
func zoneOf(offset yaql.Timespan) (*time.Location, error) {
	if offset == (yaql.Timespan{}) {
		return time.UTC, nil
	}
	seconds := offset.Days*86400 + offset.Micros/1_000_000
	if seconds <= -86400 || seconds >= 86400 {
		return nil, yaql.Errorf(yaql.ValueError, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).")
	}
	return time.FixedZone("", int(seconds)), nil
}

func asTime(t time.Time, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return t, nil
}

func buildDateTime(c *yaql.Call) (any, error) {
	zone, err := zoneOf(span(c, 7))
	if err != nil {
		return nil, err
	}
	return asTime(parts{c.Int(0), c.Int(1), c.Int(2), c.Int(3), c.Int(4), c.Int(5), c.Int(6)}.time(zone))
}

func buildTimespan(c *yaql.Call) (any, error) {
	total := new(big.Int)
	for i, micros := range []int64{86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1000, 1} {
		n := yaql.Big(c.Args[i])
		if n.BitLen() > 128 {
			return nil, yaql.Errorf(yaql.OverflowError, "Python int too large to convert to C int")
		}
		total.Add(total, new(big.Int).Mul(n, big.NewInt(micros)))
	}
	return asSpan(yaql.NewTimespan(total))
}

func fromTimestamp(c *yaql.Call) (any, error) {
	zone, err := zoneOf(span(c, 1))
	if err != nil {
		return nil, err
	}
	seconds, err := yaql.Float(c.Args[0])
	switch {
	case err != nil:
		return nil, yaql.Errorf(yaql.OverflowError, "timestamp out of range for platform time_t")
	case math.IsNaN(seconds):
		return nil, yaql.Errorf(yaql.ValueError, "Invalid value NaN (not a number)")
	case math.Abs(seconds) > 1e15:
		return nil, yaql.Errorf(yaql.OverflowError, "timestamp out of range for platform time_t")
	}
	whole, fraction := math.Modf(seconds)
	t := time.Unix(int64(whole), int64(math.RoundToEven(fraction*1e6))*1000).In(zone)
	if t.Year() < 1 || t.Year() > 9999 {
		return nil, yaql.Errorf(yaql.ValueError, "year %d is out of range", t.Year())
	}
	return t, nil
}

func fromText(c *yaql.Call) (any, error) {
	if err := c.Run.Step(100 + 4*len(c.String(0))); err != nil {
		return nil, err
	}
	if format := c.String(1); format != "" {
		return asTime(strptime(c.String(0), format))
	}
	return asTime(parseDate(c.String(0), time.Now()))
}

var replaceable = []string{"year", "month", "day", "hour", "minute", "second", "microsecond"}

func replaceParams() []yaql.Param {
	params := []yaql.Param{yaql.P("dt", yaql.DateTime)}
	for _, name := range replaceable {
		params = append(params, yaql.Opt(name, yaql.IntOrBool, nil))
	}
	return append(params, yaql.Opt("offset", yaql.Span, nil))
}

func replaceParts(c *yaql.Call) (any, error) {
	t := c.Args[0].(time.Time)
	p := partsOf(t)
	for i, field := range []*int64{&p.year, &p.month, &p.day, &p.hour, &p.minute, &p.second, &p.micro} {
		if c.Args[i+1] != nil {
			*field = c.Int(i + 1)
		}
	}
	zone := t.Location()
	if c.Args[8] != nil {
		var err error
		if zone, err = zoneOf(span(c, 8)); err != nil {
			return nil, err
		}
	}
	return asTime(p.time(zone))
}
