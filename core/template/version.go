package template

import (
	"fmt"
	"slices"
	"strings"

	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/yaml"
)

var versionSections = []string{function.HOTSection, function.AWSSection, function.HeatSection}

// readVersion decides what kind of template it is; false when that is not known.
func (p *parsing) readVersion(n *yaml.Node) bool {
	var sections []string
	for _, s := range versionSections {
		if _, isText := n.Get(s).Text(); isText {
			sections = append(sections, s)
		}
	}
	switch len(sections) {
	case 0:
		p.badVersion("Template version was not provided", n)
		return false
	case 1:
	default:
		p.badVersion(fmt.Sprintf("Ambiguous versions (%s)", strings.Join(sections, ", ")), n.Get(sections[1]))
		return false
	}
	section := sections[0]
	text, _ := n.Get(section).Text()
	var known []string
	for _, name := range function.Names() {
		if name.Section != section {
			continue
		}
		if name.Text == text {
			p.t.Version, p.t.version = text, name.Version
			p.t.Kind = map[string]Kind{function.HOTSection: HOT, function.AWSSection: CFN, function.HeatSection: HeatCFN}[section]
			return true
		}
		known = append(known, name.Text)
	}
	slices.Sort(known)
	should := "should be"
	if len(known) > 1 {
		should = "should be one of"
	}
	p.badVersion(fmt.Sprintf(`"%s: %s". "%s" %s: %s`, section, text, section, should, strings.Join(known, ", ")), n.Get(section))
	p.found[len(p.found)-1].Hint = diag.DidYouMean(text, known)
	return false
}

func (p *parsing) badVersion(explanation string, n *yaml.Node) {
	p.report(diag.Diagnostic{
		Code: "version", Type: "InvalidTemplateVersion",
		Message: "The template version is invalid: " + explanation,
	}, n)
}
