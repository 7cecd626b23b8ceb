package catalog

import (
	"regexp"
	"strings"

	"hearth/core/yaml"
)

var (
	versionHead = regexp.MustCompile(`^\d+(?:\.\d+(?:\.\d+)?)?`)
	versionOdd  = regexp.MustCompile(`[^a-zA-Z0-9+.-]`)
)

// coerceVersion makes a semantic version of what manifests have: 1 is 1.0.0, 01.2rc is
// 1.2.0-rc (semantic_version.Version.coerce).
func coerceVersion(s string) (string, error) {
	head := versionHead.FindString(s)
	if head == "" {
		return "", formatError("Version string lacks a numerical component: %s", yaml.Repr(s))
	}
	parts := strings.Split(head, ".")
	for len(parts) < 3 {
		parts = append(parts, "0")
	}
	for i, p := range parts {
		if parts[i] = strings.TrimLeft(p, "0"); parts[i] == "" {
			parts[i] = "0"
		}
	}
	version := strings.Join(parts, ".")
	rest := versionOdd.ReplaceAllString(s[len(head):], "-")
	if rest == "" {
		return version, nil
	}
	pre, build := "", ""
	if rest[0] == '+' || rest[0] == '.' {
		build = rest[1:]
	} else {
		pre, build, _ = strings.Cut(strings.TrimPrefix(rest, "-"), "+")
	}
	if pre != "" {
		version += "-" + pre
	}
	if build != "" {
		version += "+" + strings.ReplaceAll(build, "+", ".")
	}
	return version, nil
}
