package function

import (
	"slices"
	"strings"
)

// Version is a template version: HOT in the order of time, then the two of CFN.
type Version int

// The versions that have functions of their own.
const (
	V20130523 Version = iota + 1
	V20141016
	V20150430
	V20151015
	V20160408
	V20161014
	V20170224
	V20170901
	V20180302
	V20180831
	V20210416
	AWS  // AWSTemplateFormatVersion 2010-09-09
	Heat // HeatTemplateFormatVersion 2012-12-12
)

// Name is one version text of a template, under the section that declares it.
type Name struct {
	Section string // heat_template_version, AWSTemplateFormatVersion, HeatTemplateFormatVersion
	Text    string
	Version Version
}

// The sections that declare a version.
const (
	HOTSection  = "heat_template_version"
	AWSSection  = "AWSTemplateFormatVersion"
	HeatSection = "HeatTemplateFormatVersion"
)

// Names lists every version text there is; an alias stands behind the date it means.
func Names() []Name {
	return []Name{
		{HOTSection, "2013-05-23", V20130523},
		{HOTSection, "2014-10-16", V20141016},
		{HOTSection, "2015-04-30", V20150430},
		{HOTSection, "2015-10-15", V20151015},
		{HOTSection, "2016-04-08", V20160408},
		{HOTSection, "2016-10-14", V20161014},
		{HOTSection, "newton", V20161014},
		{HOTSection, "2017-02-24", V20170224},
		{HOTSection, "ocata", V20170224},
		{HOTSection, "2017-09-01", V20170901},
		{HOTSection, "pike", V20170901},
		{HOTSection, "2018-03-02", V20180302},
		{HOTSection, "queens", V20180302},
		{HOTSection, "2018-08-31", V20180831},
		{HOTSection, "rocky", V20180831},
		{HOTSection, "2021-04-16", V20210416},
		{HOTSection, "wallaby", V20210416},
		{AWSSection, "2010-09-09", AWS},
		{HeatSection, "2012-12-12", Heat},
	}
}

// IsHOT tells HOT from CFN.
func (v Version) IsHOT() bool { return v < AWS }

// HasConditions reports whether templates of the version may have conditions.
func (v Version) HasConditions() bool { return v >= V20161014 && v <= V20210416 || v == AWS }

// HasModulo reports whether parameters of the version may have a modulo constraint.
func (v Version) HasModulo() bool { return v >= V20170224 && v.IsHOT() }

// HasTags reports whether parameters of the version may have tags.
func (v Version) HasTags() bool { return v >= V20180302 && v.IsHOT() }

// Listed is a version as the list of template versions shows it.
type Listed struct {
	Name    string // heat_template_version.2016-10-14
	Kind    string // hot or cfn
	Aliases []string
}

// Listing gives every version once, by name, with its aliases.
func Listing() []Listed {
	var out []Listed
	at := map[Version]int{}
	for _, n := range Names() {
		full := n.Section + "." + n.Text
		if i, ok := at[n.Version]; ok {
			out[i].Aliases = append(out[i].Aliases, full)
			continue
		}
		kind := "cfn"
		if n.Version.IsHOT() {
			kind = "hot"
		}
		at[n.Version] = len(out)
		out = append(out, Listed{Name: full, Kind: kind})
	}
	slices.SortFunc(out, func(a, b Listed) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Find gives the version of a name or alias such as heat_template_version.newton.
func Find(name string) (Version, bool) {
	for _, n := range Names() {
		if n.Section+"."+n.Text == name {
			return n.Version, true
		}
	}
	return 0, false
}
