package std

import (
	"math"
	"math/big"
	"time"

	"hearth/core/yaql"
)

// dates is yaql/standard_library/date_time.py. Times have an offset, by default UTC, and
// a resolution of a microsecond; years run from 1 to 9999.
var dates = []*yaql.Function{
	define("datetime", "A time of its parts.", "datetime(2021, 5, 6, 7).hour = 7", buildDateTime,
		yaql.P("year", yaql.IntOrBool), yaql.P("month", yaql.IntOrBool), yaql.P("day", yaql.IntOrBool), intOr0("hour"), intOr0("minute"), intOr0("second"), intOr0("microsecond"), offsetParam),
	define("timespan", "A span of its parts, which add up.", "timespan(hours => 1, minutes => 30).minutes = 90", buildTimespan,
		intOr0("days"), intOr0("hours"), intOr0("minutes"), yaql.Opt("seconds", yaql.Integer, int64(0)), yaql.Opt("milliseconds", yaql.Integer, int64(0)), yaql.Opt("microseconds", yaql.Integer, int64(0))),
	define("datetime", "The time so many seconds after 1970.", "datetime(86400).day = 2", fromTimestamp, yaql.P("timestamp", yaql.Number), offsetParam),
	define("datetime", "The time that a text says, in a format or in any usual form.", "datetime('2021-05-06T07:08:09Z').minute = 8 and datetime('6.5.21', '%d.%m.%y').year = 2021", fromText,
		text, yaql.Opt("format", yaql.String, nil)),
	define("now", "The current time.", "now().year > 2000", now, yaql.Opt("offset", yaql.Span.Nullable(), yaql.Timespan{})),
	define("localtz", "The offset of the local time zone.", "isTimespan(localtz())", localtz),
	define("utctz", "No offset.", "utctz() = timespan()", func(*yaql.Call) (any, error) { return yaql.Timespan{}, nil }),

	timeProperty("utc", "The time of the clock at UTC; upstream keeps the offset.", "datetime(2021, 1, 1, offset => timespan(hours => 1)).utc.hour = 23", yaql.DateTime, shiftedToUTC),
	spanProperty("days", "timespan(hours => 12).days = 0.5", 86_400_000_000),
	spanProperty("hours", "timespan(minutes => 90).hours = 1.5", 3_600_000_000),
	spanProperty("minutes", "timespan(seconds => 90).minutes = 1.5", 60_000_000),
	spanProperty("seconds", "timespan(milliseconds => 1500).seconds = 1.5", 1_000_000),
	spanProperty("milliseconds", "timespan(seconds => 1).milliseconds = 1000", 1000),
	define("#property#microseconds", "The span in microseconds, an integer.", "timespan(seconds => 1).microseconds = 1000000",
		func(c *yaql.Call) (any, error) { return yaql.Int(span(c, 0).Total()), nil }, yaql.P("obj", yaql.Span)),

	define("#operator_+", "The time after a span.", "datetime(2021, 5, 6) + timespan(days => 1) = datetime(2021, 5, 7)", shift(0, 1, 1), yaql.P("dt", yaql.DateTime), yaql.P("ts", yaql.Span)),
	define("#operator_+", "The time after a span.", "timespan(days => 1) + datetime(2021, 5, 6) = datetime(2021, 5, 7)", shift(1, 0, 1), yaql.P("ts", yaql.Span), yaql.P("dt", yaql.DateTime)),
	define("#operator_-", "The time before a span.", "datetime(2021, 5, 6) - timespan(days => 1) = datetime(2021, 5, 5)", shift(0, 1, -1), yaql.P("dt", yaql.DateTime), yaql.P("ts", yaql.Span)),
	define("#operator_-", "The span between two times.", "(datetime(2021, 5, 6) - datetime(2021, 5, 5)).days = 1", between, yaql.P("dt1", yaql.DateTime), yaql.P("dt2", yaql.DateTime)),
	define("#operator_+", "The spans added up.", "timespan(1) + timespan(2) = timespan(3)", addSpans((*big.Int).Add), span1, span2),
	define("#operator_-", "The difference of spans.", "timespan(3) - timespan(2) = timespan(1)", addSpans((*big.Int).Sub), span1, span2),

	define("#operator_>", "Compares times.", "datetime(2021, 5, 7) > datetime(2021, 5, 6)", compareTimes(func(c int) bool { return c > 0 }), time1, time2),
	define("#operator_>=", "Compares times.", "datetime(2021, 5, 6) >= datetime(2021, 5, 6)", compareTimes(func(c int) bool { return c >= 0 }), time1, time2),
	define("#operator_<", "Compares times.", "datetime(2021, 5, 5) < datetime(2021, 5, 6)", compareTimes(func(c int) bool { return c < 0 }), time1, time2),
	define("#operator_<=", "Compares times.", "datetime(2021, 5, 6) <= datetime(2021, 5, 6)", compareTimes(func(c int) bool { return c <= 0 }), time1, time2),
	define("#operator_>", "Compares spans.", "timespan(2) > timespan(1)", compareSpans(func(c int) bool { return c > 0 }), span1, span2),
	define("#operator_>=", "Compares spans.", "timespan(1) >= timespan(1)", compareSpans(func(c int) bool { return c >= 0 }), span1, span2),
	define("#operator_<", "Compares spans.", "timespan(1) < timespan(2)", compareSpans(func(c int) bool { return c < 0 }), span1, span2),
	define("#operator_<=", "Compares spans.", "timespan(1) <= timespan(1)", compareSpans(func(c int) bool { return c <= 0 }), span1, span2),

	define("#unary_operator_-", "The negative span.", "-timespan(1) = timespan(-1)",
		func(c *yaql.Call) (any, error) { return asSpan(yaql.NewTimespan(new(big.Int).Neg(span(c, 0).Total()))) }, yaql.P("ts", yaql.Span)),
	define("#unary_operator_+", "The span.", "+timespan(1) = timespan(1)", unaryPlus, yaql.P("ts", yaql.Span)),
	define("#operator_*", "The span so many times.", "timespan(1) * 1.5 = timespan(hours => 36)", scale(0, 1), yaql.P("ts", yaql.Span), yaql.P("n", yaql.Number)),
	define("#operator_*", "The span so many times.", "2 * timespan(1) = timespan(2)", scale(1, 0), yaql.P("n", yaql.Number), yaql.P("ts", yaql.Span)),
	define("#operator_/", "How many times one span has the other.", "timespan(3) / timespan(2) = 1.5", ratio, span1, span2),
	define("#operator_/", "The span divided.", "timespan(1) / 2 = timespan(hours => 12)", divide, yaql.P("ts", yaql.Span), yaql.P("n", yaql.Number)),

	timeProperty("year", "The year.", "datetime(2021, 5, 6).year = 2021", anyTime, func(t time.Time) (any, error) { return int64(t.Year()), nil }),
	timeProperty("month", "The month.", "datetime(2021, 5, 6).month = 5", anyTime, func(t time.Time) (any, error) { return int64(t.Month()), nil }),
	timeProperty("day", "The day of the month.", "datetime(2021, 5, 6).day = 6", anyTime, func(t time.Time) (any, error) { return int64(t.Day()), nil }),
	timeProperty("hour", "The hour.", "datetime(2021, 5, 6, 7).hour = 7", anyTime, func(t time.Time) (any, error) { return int64(t.Hour()), nil }),
	timeProperty("minute", "The minute.", "datetime(2021, 5, 6, 7, 8).minute = 8", anyTime, func(t time.Time) (any, error) { return int64(t.Minute()), nil }),
	timeProperty("second", "The second.", "datetime(2021, 5, 6, 7, 8, 9).second = 9", anyTime, func(t time.Time) (any, error) { return int64(t.Second()), nil }),
	timeProperty("microsecond", "The microsecond.", "datetime(2021, 5, 6, microsecond => 4).microsecond = 4", anyTime, func(t time.Time) (any, error) { return int64(t.Nanosecond() / 1000), nil }),
	timeProperty("weekday", "The day of the week; 0 is Monday.", "datetime(2021, 5, 6).weekday = 3", anyTime, func(t time.Time) (any, error) { return int64(weekday(t)), nil }),
	timeProperty("offset", "The offset from UTC.", "datetime(2021, 5, 6).offset = timespan()", anyTime, func(t time.Time) (any, error) { return offsetOf(t), nil }),
	timeProperty("timestamp", "The seconds since 1970 of the time that utc gives.", "datetime(1970, 1, 2).timestamp = 86400", anyTime, timestamp),
	timeProperty("date", "The start of the day.", "datetime(2021, 5, 6, 7).date = datetime(2021, 5, 6)", yaql.DateTime, func(t time.Time) (any, error) { return startOfDay(t), nil }),
	timeProperty("time", "The span since the start of the day.", "datetime(2021, 5, 6, 7).time = timespan(hours => 7)", yaql.DateTime, func(t time.Time) (any, error) { return yaql.SpanOf(t.Sub(startOfDay(t))), nil }),
	method("replace", "The time with some of its parts replaced.", "datetime(2021, 5, 6).replace(day => 1).day = 1", replaceParts, replaceParams()...),
	method("format", "The time as a text, in the codes of strftime.", "datetime(2021, 5, 6).format('%d.%m.%Y') = '06.05.2021'",
		func(c *yaql.Call) (any, error) { return formatTime(c, c.Args[0].(time.Time), c.String(1)) }, yaql.P("dt", yaql.DateTime), yaql.P("format", yaql.String)),
	define("isDatetime", "True for times.", "isDatetime(now())", isKind(yaql.KindDateTime), value),
	define("isTimespan", "True for spans.", "isTimespan(timespan())", isKind(yaql.KindTimespan), value),
}

var (
	offsetParam = yaql.Opt("offset", yaql.Span, yaql.Timespan{})
	anyTime     = yaql.DateTime
	time1       = yaql.P("dt1", yaql.DateTime)
	time2       = yaql.P("dt2", yaql.DateTime)
	span1       = yaql.P("ts1", yaql.Span)
	span2       = yaql.P("ts2", yaql.Span)
)

func intOr0(name string) yaql.Param { return yaql.Opt(name, yaql.IntOrBool, int64(0)) }

func timeProperty(name, doc, example string, t yaql.Type, get func(t time.Time) (any, error)) *yaql.Function {
	return define("#property#"+name, doc, example,
		func(c *yaql.Call) (any, error) { return get(c.Args[0].(time.Time)) }, yaql.P("obj", t))
}

func spanProperty(name, example string, micros float64) *yaql.Function {
	return define("#property#"+name, "The span in "+name+".", example,
		func(c *yaql.Call) (any, error) { return totalFloat(span(c, 0)) / micros, nil }, yaql.P("obj", yaql.Span))
}

func span(c *yaql.Call, i int) yaql.Timespan {
	t, _ := c.Args[i].(yaql.Timespan)
	return t
}

func totalFloat(t yaql.Timespan) float64 {
	f, _ := new(big.Float).SetInt(t.Total()).Float64()
	return f
}

func asSpan(t yaql.Timespan, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return t, nil
}

func now(c *yaql.Call) (any, error) {
	if c.Args[0] == nil {
		return time.Now().Truncate(time.Microsecond).UTC(), nil
	}
	zone, err := zoneOf(span(c, 0))
	if err != nil {
		return nil, err
	}
	return time.Now().Truncate(time.Microsecond).In(zone), nil
}

func localtz(*yaql.Call) (any, error) {
	_, offset := time.Now().Zone()
	return yaql.SpanOf(time.Duration(offset) * time.Second), nil
}

// shiftedToUTC turns the clock back by the offset but keeps the offset: upstream's way,
// and timestamp builds on it.
func shiftedToUTC(t time.Time) (any, error) {
	_, offset := t.Zone()
	return checkYear(t.Add(-time.Duration(offset) * time.Second))
}

func timestamp(t time.Time) (any, error) {
	v, err := shiftedToUTC(t)
	if err != nil {
		return nil, err
	}
	return float64(v.(time.Time).UnixMicro()) / 1e6, nil
}

func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

func offsetOf(t time.Time) yaql.Timespan {
	_, offset := t.Zone()
	return yaql.SpanOf(time.Duration(offset) * time.Second)
}

func startOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// checkYear refuses times that Python's datetime has not.
func checkYear(t time.Time) (any, error) {
	if t.Year() < 1 || t.Year() > 9999 {
		return nil, yaql.Errorf(yaql.OverflowError, "date value out of range")
	}
	return t, nil
}

func addSpan(t time.Time, s yaql.Timespan, sign int64) (any, error) {
	if s.Days > 4_000_000 || s.Days < -4_000_000 {
		return nil, yaql.Errorf(yaql.OverflowError, "date value out of range")
	}
	// Not AddDate: Python moves the clock of the offset, which never changes.
	t = time.Unix(t.Unix()+sign*s.Days*86400, int64(t.Nanosecond())).In(t.Location())
	return checkYear(t.Add(time.Duration(sign*s.Micros) * time.Microsecond))
}

func shift(timeAt, spanAt int, sign int64) body {
	return func(c *yaql.Call) (any, error) { return addSpan(c.Args[timeAt].(time.Time), span(c, spanAt), sign) }
}

func between(c *yaql.Call) (any, error) {
	a, b := c.Args[0].(time.Time), c.Args[1].(time.Time)
	return asSpan(yaql.NewTimespan(big.NewInt(a.UnixMicro() - b.UnixMicro())))
}

func addSpans(op func(z, x, y *big.Int) *big.Int) body {
	return func(c *yaql.Call) (any, error) {
		return asSpan(yaql.NewTimespan(op(new(big.Int), span(c, 0).Total(), span(c, 1).Total())))
	}
}

func compareTimes(ok func(c int) bool) body {
	return func(c *yaql.Call) (any, error) {
		return ok(c.Args[0].(time.Time).Compare(c.Args[1].(time.Time))), nil
	}
}

func compareSpans(ok func(c int) bool) body {
	return func(c *yaql.Call) (any, error) { return ok(span(c, 0).Compare(span(c, 1))), nil }
}

func scale(spanAt, numberAt int) body {
	return func(c *yaql.Call) (any, error) {
		total := span(c, spanAt).Total()
		if f, ok := c.Args[numberAt].(float64); ok {
			n, _ := new(big.Float).SetInt(total).Float64()
			return spanOfFloat(n * f)
		}
		return asSpan(yaql.NewTimespan(total.Mul(total, yaql.Big(c.Args[numberAt]))))
	}
}

// spanOfFloat rounds microseconds half to even.
func spanOfFloat(micros float64) (any, error) {
	switch {
	case math.IsNaN(micros):
		return nil, yaql.Errorf(yaql.ValueError, "cannot convert float NaN to integer")
	case math.IsInf(micros, 0):
		return nil, yaql.Errorf(yaql.OverflowError, "cannot convert float infinity to integer")
	}
	n, _ := big.NewFloat(math.RoundToEven(micros)).Int(nil)
	return asSpan(yaql.NewTimespan(n))
}

func ratio(c *yaql.Call) (any, error) {
	b := totalFloat(span(c, 1))
	if b == 0 {
		return nil, yaql.Errorf(yaql.ZeroDivisionError, "float division by zero")
	}
	return totalFloat(span(c, 0)) / b, nil
}

func divide(c *yaql.Call) (any, error) {
	n, err := yaql.Float(c.Args[1])
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, yaql.Errorf(yaql.ZeroDivisionError, "division by zero")
	}
	return spanOfFloat(totalFloat(span(c, 0)) / n)
}
