package regex

import "unicode"

var flagLetters = map[string]Flags{"i": IgnoreCase, "m": Multiline, "s": DotAll, "x": Verbose, "a": ASCII, "u": 0, "L": 0}

// flagGroup reads (?i), (?i:…) and (?i-s:…), whose first letter or dash was just taken.
// At the start of a pattern, (?i) is for all of it.
func (t *translator) flagGroup(open int, letter string, start bool) (piece, error) {
	on, ascii, letter, err := t.flagsOn(letter)
	if err != nil {
		return piece{}, err
	}
	set := t.flags
	if ascii {
		set &^= ASCII
	}
	set |= on
	if letter == ")" {
		if !start {
			return piece{}, t.failAt(open, "global flags not at the start of the expression")
		}
		t.flags = set
		return piece{}, nil
	}
	if letter == "-" {
		off, err := t.flagsOff()
		if err != nil {
			return piece{}, err
		}
		if on&off != 0 {
			return piece{}, t.fail(1, "bad inline flags: flag turned on and off")
		}
		set &^= off
	}
	outer := t.flags
	t.flags = set
	p, err := t.inside(open, "(?:")
	t.flags = outer
	return p, err
}

// flagsOn reads letters up to one of ")-:". Whether a or u is among them, chosen tells.
func (t *translator) flagsOn(letter string) (on Flags, chosen bool, end string, err error) {
	kinds := ""
	for letter != "-" {
		switch letter {
		case "L":
			return 0, false, "", t.fail(0, "bad inline flags: cannot use 'L' flag with a str pattern")
		case "a", "u":
			if kinds != "" && kinds != letter {
				return 0, false, "", t.fail(0, "bad inline flags: flags 'a', 'u' and 'L' are incompatible")
			}
			kinds = letter
		}
		on |= flagLetters[letter]
		if letter, err = t.flagLetter("-, : or )", ")-:"); err != nil {
			return 0, false, "", err
		}
		if letter == ")" || letter == ":" {
			break
		}
	}
	return on, kinds != "", letter, nil
}

// flagsOff reads the letters behind a dash, and the colon.
func (t *translator) flagsOff() (off Flags, err error) {
	letter, err := t.flagLetter("flag", "")
	for ; err == nil && letter != ":"; letter, err = t.flagLetter(":", ":") {
		if letter == "a" || letter == "u" || letter == "L" {
			return 0, t.fail(0, "bad inline flags: cannot turn off flags 'a', 'u' and 'L'")
		}
		off |= flagLetters[letter]
	}
	return off, err
}

// flagLetter reads a letter of a flag, or one of the ends; missing names what is wanted
// when there is neither.
func (t *translator) flagLetter(missing, ends string) (string, error) {
	token := t.get()
	if token == "" {
		return "", t.fail(0, "missing %s", missing)
	}
	r := []rune(token)
	if _, ok := flagLetters[token]; ok {
		return token, nil
	}
	for _, end := range ends {
		if token == string(end) {
			return token, nil
		}
	}
	if len(r) == 1 && unicode.IsLetter(r[0]) {
		return "", t.fail(len(r), "unknown flag")
	}
	return "", t.fail(len(r), "missing %s", missing)
}
