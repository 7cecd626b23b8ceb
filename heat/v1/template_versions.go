package v1

import (
	"cmp"
	"context"
	"slices"

	"hearth/core"
	"hearth/core/function"
)

type templateVersions struct {
	Body struct {
		TemplateVersions []templateVersion `json:"template_versions"`
	}
}

type templateVersion struct {
	Version string   `json:"version" example:"heat_template_version.2021-04-16"`
	Type    string   `json:"type" enum:"cfn,hot"`
	Aliases []string `json:"aliases" example:"[\"heat_template_version.wallaby\"]"`
}

func (a *API) listTemplateVersions(context.Context, *struct{}) (*templateVersions, error) {
	out := &templateVersions{}
	last := map[function.Version]int{}
	for _, n := range function.Names() {
		text := n.Section + "." + n.Text
		if i, isAlias := last[n.Version]; isAlias {
			v := &out.Body.TemplateVersions[i]
			v.Aliases = append(v.Aliases, text)
			continue
		}
		kind := "cfn"
		if n.Section == function.HOTSection {
			kind = "hot"
		}
		last[n.Version] = len(out.Body.TemplateVersions)
		out.Body.TemplateVersions = append(out.Body.TemplateVersions, templateVersion{text, kind, []string{}})
	}
	slices.SortFunc(out.Body.TemplateVersions, func(a, b templateVersion) int { return cmp.Compare(a.Version, b.Version) })
	return out, nil
}

type templateFunctions struct {
	Body struct {
		TemplateFunctions []templateFunction `json:"template_functions"`
	}
}

type templateFunction struct {
	Functions   string `json:"functions" example:"get_param" doc:"The name of the function."`
	Description string `json:"description"`
}

func (a *API) listTemplateFunctions(ctx context.Context, in *struct {
	Version           string `path:"template_version" example:"heat_template_version.2021-04-16"`
	WithConditionFunc truth  `query:"with_condition_func" doc:"With the functions of conditions."`
}) (*templateFunctions, error) {
	q := queryOf(ctx)
	conditions := q.bool("with_condition_func", false)
	if q.err != nil {
		return nil, q.err
	}
	for _, n := range function.Names() {
		if n.Section+"."+n.Text != in.Version {
			continue
		}
		out := &templateFunctions{}
		out.Body.TemplateFunctions = []templateFunction{}
		for _, f := range function.ListOf(n.Version, conditions) {
			out.Body.TemplateFunctions = append(out.Body.TemplateFunctions, templateFunction{f.Name, f.Description})
		}
		return out, nil
	}
	return nil, core.Errorf(core.NotFound, "NotFound", "Template with version %s not found", in.Version)
}
