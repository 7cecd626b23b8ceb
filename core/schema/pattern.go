package schema

import (
	"fmt"

	"hearth/core/regex"
	"hearth/core/yaml"
)

// AllowedPattern wants texts that the pattern matches from the first to the last
// character. Make it with Pattern or MustPattern.
type AllowedPattern struct {
	Pattern     string
	Description string
	re          *regex.Regexp
}

// Pattern compiles a regular expression of Python's re.
func Pattern(pattern, description string) (AllowedPattern, error) {
	re, err := regex.Compile(pattern, 0)
	return AllowedPattern{Pattern: pattern, Description: description, re: re}, err
}

// MustPattern is Pattern for literals; it panics when the pattern is none.
func MustPattern(pattern string) AllowedPattern {
	p, err := Pattern(pattern, "")
	if err != nil {
		panic(err)
	}
	return p
}

// Check follows heat/engine/constraints.py AllowedPattern: the first match that the
// expression finds at the start must end at the end ("^a|b" does not match "ab").
func (c AllowedPattern) Check(value any) string {
	if c.re == nil {
		return ""
	}
	s := yaml.Str(value)
	text := []rune(s)
	m, err := c.re.MatchAt(text, 0)
	if err != nil {
		return fmt.Sprintf(`"%s" cannot be matched with pattern "%s": %v`, s, c.Pattern, err)
	}
	if m != nil {
		if _, end, _ := m.Span(0); end == len(text) {
			return ""
		}
	}
	return or(c.Description, fmt.Sprintf(`"%s" does not match pattern "%s"`, s, c.Pattern))
}

// Doc is {"allowed_pattern": "…"}.
func (c AllowedPattern) Doc() map[string]any {
	return doc("allowed_pattern", c.Pattern, c.Description)
}
