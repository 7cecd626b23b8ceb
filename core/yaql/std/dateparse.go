package std

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hearth/core/yaql"
)

// parseDate reads a time in any of the forms that dateutil's parser knows: ISO and other
// numeric dates, names of months and days, 12-hour clocks, offsets and UTC by name. What
// the text does not say comes from now's date. Without an offset the time is UTC.
func parseDate(s string, now time.Time) (time.Time, error) {
	unknown := yaql.Errorf(yaql.ParserError, "Unknown string format: %s", cut(s, 200))
	if len(s) > 1000 {
		return time.Time{}, unknown
	}
	p := &dateParser{tokens: dateTokens(s)}
	if !p.run() {
		return time.Time{}, unknown
	}
	if p.empty() {
		return time.Time{}, yaql.Errorf(yaql.ParserError, "String does not contain a date: %s", cut(s, 200))
	}
	t, err := p.time(now)
	if e, ok := errors.AsType[*yaql.Error](err); ok && e.Class == yaql.ValueError {
		return t, yaql.Errorf(yaql.ParserError, "%s: %s", e.Message, cut(s, 200))
	}
	return t, err
}

// dateTokens splits a text into numbers (12, 12.5), words (May, a.m), and single other
// characters; white space is one blank each.
func dateTokens(s string) []string {
	runes := []rune(strings.ReplaceAll(s, "\x00", ""))
	var tokens []string
	for i := 0; i < len(runes); {
		token, kind, letters := string(runes[i]), tokenKindOf(runes[i]), unicode.IsLetter(runes[i])
		first := runes[i]
		i++
		if kind == 0 {
			if isSpace(first) {
				token = " "
			}
			tokens = append(tokens, token)
			continue
		}
		seenLetters := false
		for ; i < len(runes); i++ {
			next, ok := continueToken(kind, token, runes[i])
			if letters || kind == 'A' {
				seenLetters = true
			}
			if !ok {
				break
			}
			token += string(runes[i])
			kind = next
			letters = kind == 'a' || kind == 'A'
		}
		tokens = append(tokens, splitToken(kind, token, seenLetters)...)
	}
	return tokens
}

// The kinds of tokens: a word 'a', a word with dots 'A', a number '0', one with dots 'D'.
func tokenKindOf(r rune) byte {
	switch {
	case unicode.IsLetter(r):
		return 'a'
	case unicode.IsDigit(r):
		return '0'
	}
	return 0
}

func continueToken(kind byte, token string, r rune) (byte, bool) {
	afterDot := strings.HasSuffix(token, ".")
	switch kind {
	case 'a':
		if r == '.' {
			return 'A', true
		}
		return kind, unicode.IsLetter(r)
	case '0':
		if r == '.' || r == ',' && len(token) >= 2 {
			return 'D', true
		}
		return kind, unicode.IsDigit(r)
	case 'A':
		if afterDot && unicode.IsDigit(r) {
			return 'D', true
		}
		return kind, r == '.' || unicode.IsLetter(r)
	}
	if afterDot && unicode.IsLetter(r) {
		return 'A', true
	}
	return kind, r == '.' || unicode.IsDigit(r)
}

// splitToken takes a token with dots apart unless it is one decimal number.
func splitToken(kind byte, token string, seenLetters bool) []string {
	if kind == 'a' || kind == '0' {
		return []string{token}
	}
	if seenLetters || strings.Count(token, ".") > 1 || strings.ContainsAny(token[len(token)-1:], ".,") {
		var out []string
		for len(token) > 0 {
			i := strings.IndexAny(token, ".,")
			if i < 0 {
				return append(out, token)
			}
			if i > 0 || out == nil {
				out = append(out, token[:i])
			}
			out = append(out, token[i:i+1])
			token = token[i+1:]
		}
		return out
	}
	if kind == 'D' && !strings.Contains(token, ".") {
		token = strings.ReplaceAll(token, ",", ".")
	}
	return []string{token}
}

var (
	jumpWords  = wordIndex([]string{" "}, []string{"."}, []string{","}, []string{";"}, []string{"-"}, []string{"/"}, []string{"'"}, []string{"at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th"})
	dayNames   = wordIndex([]string{"mon", "monday"}, []string{"tue", "tuesday"}, []string{"wed", "wednesday"}, []string{"thu", "thursday"}, []string{"fri", "friday"}, []string{"sat", "saturday"}, []string{"sun", "sunday"})
	monthNames = wordIndex([]string{"jan", "january"}, []string{"feb", "february"}, []string{"mar", "march"}, []string{"apr", "april"}, []string{"may"}, []string{"jun", "june"},
		[]string{"jul", "july"}, []string{"aug", "august"}, []string{"sep", "sept", "september"}, []string{"oct", "october"}, []string{"nov", "november"}, []string{"dec", "december"})
	clockNames = wordIndex([]string{"h", "hour", "hours"}, []string{"m", "minute", "minutes"}, []string{"s", "second", "seconds"})
	halfNames  = wordIndex([]string{"am", "a"}, []string{"pm", "p"})
	utcNames   = wordIndex([]string{"utc", "gmt", "z"})
)

func wordIndex(lists ...[]string) map[string]int {
	index := map[string]int{}
	for i, list := range lists {
		for _, w := range list {
			index[w] = i
		}
	}
	return index
}

// lookUp finds a token in a list of words.
func lookUp(words map[string]int, token string) (int, bool) {
	i, ok := words[strings.ToLower(token)]
	return i, ok
}

// dateParser walks the tokens and collects what they say. Numbers that are not of the
// clock go to dateNumbers, whose order decides which is the year, the month and the day.
type dateParser struct {
	tokens  []string
	pos     int
	numbers dateNumbers

	weekday, hour, minute, second, micro *int
	half                                 bool // am or pm was said
	zone                                 string
	offset                               *int // seconds
}

func (p *dateParser) empty() bool {
	return len(p.numbers.values) == 0 && p.weekday == nil && p.hour == nil && p.minute == nil && p.second == nil &&
		p.zone == "" && p.offset == nil
}

func (p *dateParser) token(i int) string {
	if i < 0 || i >= len(p.tokens) {
		return ""
	}
	return p.tokens[i]
}

func (p *dateParser) isJump(i int) bool {
	_, ok := lookUp(jumpWords, p.token(i))
	return ok
}

func (p *dateParser) run() bool {
	for ; p.pos < len(p.tokens); p.pos++ {
		if !p.step() {
			return false
		}
	}
	return p.numbers.resolve()
}

// step reads what starts at the current token; false if it makes no sense.
func (p *dateParser) step() bool {
	token := p.tokens[p.pos]
	if isDecimal(token) {
		return p.number(token)
	}
	if day, ok := lookUp(dayNames, token); ok {
		p.weekday = &day
		return true
	}
	if month, ok := lookUp(monthNames, token); ok {
		return p.month(month + 1)
	}
	if half, ok := lookUp(halfNames, token); ok {
		if p.hour == nil || *p.hour < 0 || *p.hour > 12 {
			return false
		}
		p.setHour(*p.hour, half)
		p.half = true
		return true
	}
	if p.couldBeZone(token, p.offset == nil) {
		return p.zoneName(token)
	}
	if p.hour != nil && (token == "+" || token == "-") {
		return p.zoneOffset(token)
	}
	return p.isJump(p.pos)
}

func isDecimal(s string) bool {
	if s == "" || strings.Trim(s, "0123456789.") != "" {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func (p *dateParser) couldBeZone(token string, noOffset bool) bool {
	if p.hour == nil || p.zone != "" || !noOffset || len(token) > 5 || token == "" {
		return false
	}
	return strings.Trim(token, asciiUpper) == "" || token == "z"
}

// zoneName reads UTC, EST, and GMT+3, which is three hours ahead of Greenwich: there the
// sign is what people mean, not what POSIX says.
func (p *dateParser) zoneName(token string) bool {
	p.zone = token
	_, utc := lookUp(utcNames, token)
	if utc {
		p.offset = new(int)
	}
	if next := p.token(p.pos + 1); next == "+" || next == "-" {
		p.tokens[p.pos+1] = map[string]string{"+": "-", "-": "+"}[next]
		p.offset = nil
		if utc {
			p.zone = ""
		}
	}
	return true
}

func (p *dateParser) zoneOffset(sign string) bool {
	digits := p.token(p.pos + 1)
	var hours, minutes int
	var ok1 bool
	ok2 := true
	switch {
	case len(digits) == 4:
		hours, ok1 = atoi(digits[:2])
		minutes, ok2 = atoi(digits[2:])
	case p.token(p.pos+2) == ":":
		hours, ok1 = atoi(digits)
		minutes, ok2 = atoi(p.token(p.pos + 3))
		p.pos += 2
	case len(digits) <= 2:
		hours, ok1 = atoi(digits)
	default:
		return false
	}
	if !ok1 || !ok2 {
		return false
	}
	seconds := hours*3600 + minutes*60
	if sign == "-" {
		seconds = -seconds
	}
	p.offset = &seconds
	if p.isJump(p.pos+2) && p.token(p.pos+3) == "(" && p.token(p.pos+5) == ")" && len(p.token(p.pos+4)) >= 3 &&
		p.couldBeZone(p.token(p.pos+4), true) {
		p.zone = p.token(p.pos + 4)
		p.pos += 4
	}
	p.pos++
	return true
}

func atoi(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// month reads what may follow the name of a month: May-5-2021, May of 21.
func (p *dateParser) month(month int) bool {
	if !p.numbers.add(strconv.Itoa(month), 'M') {
		return false
	}
	sep := p.token(p.pos + 1)
	if sep == "-" || sep == "/" {
		if !p.numbers.add(p.token(p.pos+2), 0) {
			return false
		}
		if p.token(p.pos+3) == sep && p.pos+3 < len(p.tokens) {
			if !p.numbers.add(p.token(p.pos+4), 0) {
				return false
			}
			p.pos += 2
		}
		p.pos += 2
		return true
	}
	if sep == " " && p.token(p.pos+3) == " " && strings.EqualFold(p.token(p.pos+2), "of") && p.token(p.pos+4) != "" {
		if year, ok := atoi(p.token(p.pos + 4)); ok && !p.numbers.add(strconv.Itoa(fullYear(year)), 'Y') {
			return false
		}
		p.pos += 4
	}
	return true
}

func (p *dateParser) setHour(hour, half int) {
	switch {
	case hour < 12 && half == 1:
		hour += 12
	case hour == 12 && half == 0:
		hour = 0
	}
	p.hour = &hour
}
