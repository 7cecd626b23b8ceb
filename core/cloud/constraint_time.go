package cloud

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones must be known on machines that have none installed

	"hearth/core/yaml"
)

// isoDate is the grammar of Python's iso8601.parse_date: a year at least, then month,
// day, and a time with an optional zone.
var isoDate = regexp.MustCompile(`^(\d{4})(?:-?(\d{1,2})(?:-?(\d{1,2})(?:[ T](\d{2})(?::?(\d{1,2})(?::?(\d{1,2})(?:[.,](\d+))?)?)?(Z|[+-]\d{2}:?\d{0,2})?)?)?)?$`)

// parseISO reads such a date; without a zone it is UTC.
func parseISO(s string) (time.Time, bool) {
	m := isoDate.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	at := func(i, missing int) int {
		if m[i] == "" {
			return missing
		}
		n, _ := strconv.Atoi(m[i])
		return n
	}
	year, month, day, hour, minute, second := at(1, 1), at(2, 1), at(3, 1), at(4, 0), at(5, 0), at(6, 0)
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if t.Year() != year || int(t.Month()) != month || t.Day() != day || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	if zone := m[8]; zone != "" && zone != "Z" {
		hours, _ := strconv.Atoi(zone[1:3])
		minutes, _ := strconv.Atoi(strings.TrimPrefix(zone[3:], ":"))
		offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
		if zone[0] == '+' {
			offset = -offset
		}
		t = t.Add(offset)
	}
	return t, true
}

func iso8601(value any, _ time.Time) string {
	if _, ok := parseISO(yaml.Str(value)); !ok {
		return blank
	}
	return ""
}

func expiration(value any, now time.Time) string {
	text := yaml.Str(value)
	if text == "" {
		return ""
	}
	t, ok := parseISO(strings.TrimSpace(text))
	switch {
	case !ok:
		return fmt.Sprintf("Expiration %s is invalid: Unable to parse date string '%s'", text, strings.TrimSpace(text))
	case !t.After(now):
		return fmt.Sprintf("Expiration %s is invalid: Expiration time is out of date.", text)
	}
	return ""
}

func timeZone(value any, _ time.Time) string {
	text := yaml.Str(value)
	if text == "" {
		return ""
	}
	if _, err := time.LoadLocation(text); err != nil || text == "Local" {
		return fmt.Sprintf("Invalid timezone: '%s'", text)
	}
	return ""
}

func jsonString(value any, _ time.Time) string {
	if text, ok := value.(string); ok && !json.Valid([]byte(text)) {
		return "The text is not valid JSON."
	}
	return ""
}

// cronField is the range of one column of a cron expression and the names it takes.
type cronField struct {
	low, high int
	names     string // three letters each, the first is low
}

var cronFields = []cronField{
	{0, 59, ""}, {0, 23, ""}, {1, 31, ""}, {1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"}, {0, 7, "sunmontuewedthufrisat"}, {0, 59, ""},
}

var cronAliases = []string{"@midnight", "@hourly", "@daily", "@weekly", "@monthly", "@yearly", "@annually"}

// cronExpression follows croniter, whose texts Heat shows.
func cronExpression(value any, _ time.Time) string {
	text := yaml.Str(value)
	if text == "" {
		return ""
	}
	for _, a := range cronAliases {
		if strings.EqualFold(text, a) {
			return ""
		}
	}
	columns := strings.Fields(text)
	if len(columns) != 5 && len(columns) != 6 {
		return "Invalid CRON expression: Exactly 5 or 6 columns has to be specified for iterator expression."
	}
	for i, column := range columns {
		for part := range strings.SplitSeq(strings.ToLower(column), ",") {
			switch cronFields[i].accepts(part, i == 2) {
			case cronSyntax:
				return fmt.Sprintf("Invalid CRON expression: [%s] is not acceptable", text)
			case cronRange:
				return fmt.Sprintf("Invalid CRON expression: [%s] is not acceptable, out of range", text)
			}
		}
	}
	return ""
}

type cronResult int

const (
	cronFine cronResult = iota
	cronSyntax
	cronRange
)

// accepts judges one item of a column: *, n, n-m, each perhaps with /step. The day of
// the month also takes l, the last.
func (f cronField) accepts(part string, dayOfMonth bool) cronResult {
	body, step, hasStep := strings.Cut(part, "/")
	if hasStep {
		if n, err := strconv.Atoi(step); err != nil || n < 1 {
			return cronSyntax
		}
	}
	if body == "*" || body == "?" || dayOfMonth && body == "l" {
		return cronFine
	}
	body, _, _ = strings.Cut(body, "#")
	low, high, isRange := strings.Cut(body, "-")
	if !isRange {
		high = low
	}
	for _, s := range []string{low, high} {
		n, ok := f.number(s)
		switch {
		case !ok:
			return cronSyntax
		case n < f.low || n > f.high:
			return cronRange
		}
	}
	return cronFine
}

func (f cronField) number(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0
	}
	if i := strings.Index(f.names, s); len(s) == 3 && i >= 0 && i%3 == 0 {
		return f.low + i/3, true
	}
	return 0, false
}
