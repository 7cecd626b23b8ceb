package validate

import (
	"path"

	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/plan"
	"hearth/core/template"
	"hearth/core/yaml"
)

// Where a HOT package has what belongs to its template.
const (
	templateFile    = "template.yaml"
	hotFiles        = "Resources/HotFiles"
	hotEnvironments = "Resources/HotEnvironments"
)

// hot checks the template of a HOT package as a server would that is given it, and the files
// beside it.
func (c *checker) hot() {
	s := c.at(templateFile)
	if !c.archive.Has(templateFile) {
		s.fail("no_template", nil, "there is no template", "a HOT package has its template in template.yaml at the root of the archive")
		return
	}
	text, ok := s.read()
	if !ok {
		return
	}
	limits := engine.DefaultLimits
	root, problems := template.Read(text, "", yaml.Options{MaxBytes: limits.TemplateSize})
	if root != nil && (root.Kind != yaml.Mapping || root.Get("resources") == nil) {
		s.fail("no_resources", root, "Not a HOT template", "it has no resources")
	}
	files := map[string]string{}
	for _, name := range c.archive.Under(hotFiles) {
		if text, ok := c.at(path.Join(hotFiles, name)).read(); ok {
			files[name] = string(text)
		}
	}
	if root != nil && c.options.Types != nil {
		v := &plan.Validation{Types: c.options.Types, MaxDepth: limits.NestedDepth, MaxResources: limits.Resources,
			Checker: func(constraint string, value any) string {
				return (*cloud.Client)(nil).CheckConstraint(c.ctx, constraint, value)
			}}
		src := plan.Source{Template: root, Environment: &template.Environment{}, Files: files, Pseudo: template.Pseudo{StackName: "validate"}}
		problems = append(problems, plan.Diagnose(c.ctx, src, v)...)
	}
	for _, d := range problems {
		switch {
		case d.File == "":
			d.File = templateFile
		default:
			d.File = path.Join(hotFiles, d.File)
		}
		c.out = append(c.out, d)
	}
	c.hotEnvironments()
}

func (c *checker) hotEnvironments() {
	for _, name := range c.archive.Under(hotEnvironments) {
		s := c.at(path.Join(hotEnvironments, name))
		text, ok := s.read()
		if !ok {
			continue
		}
		n, err := yaml.ParseYAML(text, yaml.Options{})
		if err != nil {
			s.broken(err)
			continue
		}
		if n.IsNull() {
			continue
		}
		_, problems := template.ParseEnvironment(n)
		for _, d := range problems {
			d.File = s.file
			c.out = append(c.out, d)
		}
	}
}
