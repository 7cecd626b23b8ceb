package version

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Spec is a set of versions: those that every one of its clauses holds for. The zero Spec
// is all versions.
type Spec struct{ clauses []clause }

type clause struct {
	op string
	v  Version
}

var clausePattern = regexp.MustCompile(`^(<=|>=|==|!=|<|>)(\d+)(?:\.(\d+)(?:\.(\d+))?)?(?:-([a-zA-Z0-9.-]*))?(?:\+([a-zA-Z0-9.-]*))?$`)

// ParseSpec reads a specification: clauses with commas between; a partial version stands for
// all that begin with it; nothing is 0, that is 0.x.y.
func ParseSpec(s string) (Spec, error) {
	s = strings.Join(strings.Fields(s), "")
	if s == "" {
		s = "0"
	}
	if len(s) > 1 && s[0] == '=' && s[1] >= '0' && s[1] <= '9' {
		s = "=" + s
	}
	if s[0] >= '0' && s[0] <= '9' {
		s = "==" + s
	}
	var out Spec
	for part := range strings.SplitSeq(s, ",") {
		if part == "*" {
			continue
		}
		m := clausePattern.FindStringSubmatch(part)
		if m == nil {
			return out, fmt.Errorf("Invalid requirement specification: '%s'", part)
		}
		if err := out.add(m); err != nil {
			return out, err
		}
	}
	return out, nil
}

// add takes one clause apart; m is its operator, major, minor, patch, pre-release and build.
func (s *Spec) add(m []string) error {
	var v Version
	for i, text := range m[2:5] {
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		*[...]*int64{&v.Major, &v.Minor, &v.Patch}[i] = n
	}
	if m[4] != "" {
		v.Pre, v.Build = parts(m[5]), parts(m[6])
		s.clauses = append(s.clauses, clause{m[1], v})
		return nil
	}
	next := Version{Major: v.Major, Minor: v.Minor + 1}
	if m[3] == "" {
		next = Version{Major: v.Major + 1}
	}
	switch m[1] {
	case ">":
		s.clauses = append(s.clauses, clause{">=", next})
	case ">=", "<":
		s.clauses = append(s.clauses, clause{m[1], v})
	case "<=":
		s.clauses = append(s.clauses, clause{"<", next})
	case "!=": // upstream asks for both at once, which no version is
		s.clauses = append(s.clauses, clause{"<", v}, clause{">=", next})
	case "==":
		s.clauses = append(s.clauses, clause{">=", v}, clause{"<", next})
	}
	return nil
}

// Exactly is the specification of one version.
func Exactly(v Version) Spec { return Spec{[]clause{{"==", v}}} }

// MajorOf is the specification of the versions with the major number of v.
func MajorOf(v Version) Spec {
	return Spec{[]clause{{">=", Version{Major: v.Major}}, {"<", Version{Major: v.Major + 1}}}}
}

// Has reports whether v is of the set.
func (s Spec) Has(v Version) bool {
	for _, c := range s.clauses {
		n := v.Compare(c.v)
		ok := false
		switch c.op {
		case ">":
			ok = n > 0
		case ">=":
			ok = n >= 0
		case "<": // the pre-releases of 2.0.0 are not below it
			ok = n < 0 && (len(v.Pre) == 0 || len(c.v.Pre) > 0 || v.Major != c.v.Major || v.Minor != c.v.Minor || v.Patch != c.v.Patch)
		case "<=":
			ok = n <= 0
		case "==":
			ok = n == 0 && (len(c.v.Build) == 0 || v.Equal(c.v))
		case "!=":
			ok = n != 0 || len(c.v.Build) > 0 && !v.Equal(c.v)
		}
		if !ok {
			return false
		}
	}
	return true
}

// String writes the clauses as ParseSpec reads them.
func (s Spec) String() string {
	if len(s.clauses) == 0 {
		return "*"
	}
	texts := make([]string, len(s.clauses))
	for i, c := range s.clauses {
		texts[i] = c.op + c.v.String()
	}
	return strings.Join(texts, ",")
}
