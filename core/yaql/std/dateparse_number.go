package std

import (
	"math"
	"strconv"
	"strings"
	"time"

	"hearth/core/yaql"
)

// number reads a number at the current token and whatever belongs to it.
func (p *dateParser) number(token string) bool {
	value, _ := strconv.ParseFloat(token, 64)
	n := len(token)
	next := p.token(p.pos + 1)
	_, isUnit := lookUp(clockNames, next)
	switch {
	case len(p.numbers.values) == 3 && (n == 2 || n == 4) && p.hour == nil && (p.pos+1 >= len(p.tokens) || next != ":" && !isUnit):
		return p.digits(token, &p.hour, &p.minute)
	case n == 6 || n > 6 && strings.IndexByte(token, '.') == 6:
		if len(p.numbers.values) == 0 && !strings.Contains(token, ".") {
			return p.numbers.add(token[:2], 0) && p.numbers.add(token[2:4], 0) && p.numbers.add(token[4:], 0)
		}
		return p.digits(token[:4], &p.hour, &p.minute) && p.seconds(token[4:])
	case n == 8 || n == 12 || n == 14:
		return p.compact(token)
	}
	if unit, at, ok := p.clockUnit(); ok {
		if at > p.pos {
			p.pos = at
		} else {
			unit++
		}
		return p.setClock(token, value, unit)
	}
	switch {
	case p.pos+2 < len(p.tokens) && next == ":":
		return p.clock(value)
	case next == "-" || next == "/" || next == ".":
		return p.separated(token, next)
	case next == "" || p.isJump(p.pos+1):
		half, ok := lookUp(halfNames, p.token(p.pos+2))
		if ok && p.pos+2 < len(p.tokens) {
			p.setHour(int(value), half)
			p.half = true
			p.pos += 2
			return true
		}
		p.pos++
		return p.numbers.addValue(value)
	}
	if half, ok := lookUp(halfNames, next); ok && value >= 0 && value < 24 {
		p.setHour(int(value), half)
		p.half = true
		p.pos++
		return true
	}
	return p.numbers.couldBeDay(value) && p.numbers.addValue(value)
}

// digits reads pairs of digits into fields.
func (p *dateParser) digits(s string, fields ...**int) bool {
	for _, field := range fields {
		if len(s) < 2 {
			return true
		}
		n, ok := atoi(s[:2])
		if !ok {
			return false
		}
		*field = &n
		s = s[2:]
	}
	return true
}

// compact reads YYYYMMDD, YYYYMMDDhhmm and YYYYMMDDhhmmss.
func (p *dateParser) compact(token string) bool {
	return p.numbers.add(token[:4], 'Y') && p.numbers.add(token[4:6], 0) && p.numbers.add(token[6:8], 0) &&
		p.digits(token[8:], &p.hour, &p.minute, &p.second)
}

// seconds reads seconds with their fraction.
func (p *dateParser) seconds(s string) bool {
	whole, fraction, _ := strings.Cut(s, ".")
	second, ok := atoi(whole)
	micro, ok2 := atoi((fraction + "000000")[:6])
	p.second, p.micro = &second, &micro
	return ok && ok2
}

// clockUnit finds the h, m or s that belongs to the current number: after it, or before
// it, when the number is of the next smaller unit.
func (p *dateParser) clockUnit() (unit, at int, ok bool) {
	if unit, ok = lookUp(clockNames, p.token(p.pos+1)); ok {
		return unit, p.pos + 1, true
	}
	if p.token(p.pos+1) == " " {
		if unit, ok = lookUp(clockNames, p.token(p.pos+2)); ok {
			return unit, p.pos + 2, true
		}
	}
	if unit, ok = lookUp(clockNames, p.token(p.pos-1)); ok {
		return unit, p.pos - 1, true
	}
	if p.pos > 1 && p.pos == len(p.tokens)-1 && p.token(p.pos-1) == " " {
		if unit, ok = lookUp(clockNames, p.token(p.pos-2)); ok {
			return unit, p.pos - 2, true
		}
	}
	return 0, 0, false
}

func (p *dateParser) setClock(token string, value float64, unit int) bool {
	whole, fraction := math.Modf(value)
	n, part := int(whole), int(60*fraction)
	switch unit {
	case 0:
		p.hour = &n
		if fraction != 0 {
			p.minute = &part
		}
	case 1:
		p.setMinute(value)
	case 2:
		return p.seconds(token)
	}
	return true
}

func (p *dateParser) setMinute(value float64) {
	whole, fraction := math.Modf(value)
	n, part := int(whole), int(60*fraction)
	p.minute, p.second = &n, nil
	if fraction != 0 {
		p.second = &part
	}
}

// clock reads hh:mm and hh:mm:ss.
func (p *dateParser) clock(value float64) bool {
	hour := int(value)
	p.hour = &hour
	minutes := p.token(p.pos + 2)
	if !isDecimal(minutes) {
		return false
	}
	m, _ := strconv.ParseFloat(minutes, 64)
	p.setMinute(m)
	if p.pos+4 < len(p.tokens) && p.token(p.pos+3) == ":" {
		if !p.seconds(p.token(p.pos + 4)) {
			return false
		}
		p.pos += 2
	}
	p.pos += 2
	return true
}

// separated reads 2021-05-06, 6/5, 06.May.2021 and the like.
func (p *dateParser) separated(token, sep string) bool {
	if !p.numbers.add(token, 0) {
		return false
	}
	if p.pos+2 < len(p.tokens) && !p.isJump(p.pos+2) {
		if !p.numberOrMonth(p.token(p.pos + 2)) {
			return false
		}
		if p.pos+3 < len(p.tokens) && p.token(p.pos+3) == sep {
			if !p.numberOrMonth(p.token(p.pos + 4)) {
				return false
			}
			p.pos += 2
		}
		p.pos++
	}
	p.pos++
	return true
}

func (p *dateParser) numberOrMonth(token string) bool {
	if month, ok := lookUp(monthNames, token); ok {
		return p.numbers.add(strconv.Itoa(month+1), 'M')
	}
	return p.numbers.add(token, 0)
}

// time puts the parts together; those missing are now's, at midnight.
func (p *dateParser) time(now time.Time) (time.Time, error) {
	n := &p.numbers
	year, month, day := now.Year(), int(now.Month()), now.Day()
	if n.year >= 0 {
		year = n.year
		if !n.century {
			year = fullYear(year)
		}
	}
	if n.month > 0 {
		month = n.month
	}
	if n.day > 0 {
		day = n.day
	} else if month >= 1 && month <= 12 {
		day = min(day, daysIn(year, month))
	}
	or0 := func(v *int) int64 {
		if v == nil {
			return 0
		}
		return int64(*v)
	}
	zone := time.UTC
	if _, utc := lookUp(utcNames, p.zone); p.offset != nil && *p.offset != 0 && !(utc && p.zone != "") {
		if *p.offset <= -86400 || *p.offset >= 86400 {
			return time.Time{}, yaql.Errorf(yaql.ValueError, "offset must be strictly between -24 and 24 hours")
		}
		zone = time.FixedZone("", *p.offset)
	}
	t, err := parts{int64(year), int64(month), int64(day), or0(p.hour), or0(p.minute), or0(p.second), or0(p.micro)}.time(zone)
	if err == nil && p.weekday != nil && n.day <= 0 {
		t = t.AddDate(0, 0, (*p.weekday-weekday(t)+7)%7)
	}
	return t, err
}

// fullYear puts a year of two digits within fifty years of now.
func fullYear(year int) int {
	if year >= 100 {
		return year
	}
	this := time.Now().Year()
	year += this / 100 * 100
	switch {
	case year >= this+50:
		year -= 100
	case year < this-50:
		year += 100
	}
	return year
}
