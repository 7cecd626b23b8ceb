// Package version has the versions of Murano's packages and what packages ask for of each
// other (python-semanticversion, and murano/dsl/helpers.py parse_version_spec).
package version

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Version is a semantic version.
type Version struct {
	Major, Minor, Patch int64
	Pre, Build          []string
}

var (
	head = regexp.MustCompile(`^\d+(?:\.\d+(?:\.\d+)?)?`)
	odd  = regexp.MustCompile(`[^a-zA-Z0-9+.-]`)
)

// Coerce makes a version of what manifests have: 1 is 1.0.0, 01.2rc is 1.2.0-rc
// (semantic_version.Version.coerce).
func Coerce(s string) (Version, error) {
	var v Version
	number := head.FindString(s)
	if number == "" {
		return v, fmt.Errorf("Version string lacks a numerical component: '%s'", s)
	}
	for i, part := range strings.Split(number, ".") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return v, fmt.Errorf("version %s: %w", s, err)
		}
		*[...]*int64{&v.Major, &v.Minor, &v.Patch}[i] = n
	}
	rest := odd.ReplaceAllString(s[len(number):], "-")
	if rest == "" {
		return v, nil
	}
	pre, build := "", ""
	if rest[0] == '+' || rest[0] == '.' {
		build = rest[1:]
	} else {
		pre, build, _ = strings.Cut(strings.TrimPrefix(rest, "-"), "+")
	}
	v.Pre, v.Build = parts(pre), parts(strings.ReplaceAll(build, "+", "."))
	return v, nil
}

// Parse is Coerce; nothing is 0.0.0.
func Parse(s string) (Version, error) {
	if s == "" {
		return Version{}, nil
	}
	return Coerce(s)
}

func parts(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ".")
}

// String writes the version as 1.2.3-pre+build.
func (v Version) String() string {
	s := fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
	if len(v.Pre) > 0 {
		s += "-" + strings.Join(v.Pre, ".")
	}
	if len(v.Build) > 0 {
		s += "+" + strings.Join(v.Build, ".")
	}
	return s
}

// Compare orders two versions as semver.org does; builds do not count.
func (v Version) Compare(o Version) int {
	if c := cmp.Or(cmp.Compare(v.Major, o.Major), cmp.Compare(v.Minor, o.Minor), cmp.Compare(v.Patch, o.Patch)); c != 0 {
		return c
	}
	switch {
	case len(v.Pre) == 0 && len(o.Pre) == 0:
		return 0
	case len(v.Pre) == 0:
		return 1
	case len(o.Pre) == 0:
		return -1
	}
	return slices.CompareFunc(v.Pre, o.Pre, comparePre)
}

// comparePre orders two identifiers of pre-releases: numbers by value and before texts.
func comparePre(a, b string) int {
	x, xerr := strconv.ParseInt(a, 10, 64)
	y, yerr := strconv.ParseInt(b, 10, 64)
	switch {
	case xerr == nil && yerr == nil:
		return cmp.Compare(x, y)
	case xerr == nil:
		return -1
	case yerr == nil:
		return 1
	}
	return cmp.Compare(a, b)
}

// Equal reports whether two versions are the same, builds included.
func (v Version) Equal(o Version) bool {
	return v.Compare(o) == 0 && slices.Equal(v.Build, o.Build)
}
