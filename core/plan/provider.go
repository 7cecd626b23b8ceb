package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/function"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/template"
	"hearth/core/yaml"
)

// provider gives the type that a template stands for: its parameters are the properties,
// its outputs the attributes (heat/engine/resources/template_resource.py).
func (ts *Types) provider(d *template.Definition, file string, files map[string]string) (*resource.Type, diag.List) {
	if !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".template") {
		return nil, diag.List{problem(d, "StackValidationFailed", "Only Templates with an extension of .yaml or .template are supported")}
	}
	text, ok := files[file]
	if !ok {
		return nil, diag.List{problem(d, "StackValidationFailed", "Could not fetch remote template \""+file+"\": it is not among the files of the request")}
	}
	sum := sha256.Sum256([]byte(file + "\x00" + text))
	key := hex.EncodeToString(sum[:])
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t := ts.providers[key]; t != nil {
		return named(t, d.Type), nil
	}
	node, problems := template.Read([]byte(text), file, yaml.Options{})
	if problems.HasErrors() {
		return nil, problems.Within("resources."+d.Name+"<"+file+">", file)
	}
	parsed, problems := template.Parse(node, ts.templateOptions(file))
	if parsed == nil || problems.HasErrors() {
		return nil, problems.Within("resources."+d.Name+"<"+file+">", file)
	}
	t := &resource.Type{
		Description: parsed.Description, Properties: properties(parsed), Attributes: attributes(parsed), Digest: key,
		New: func() resource.Resource { return &templateResource{file: file, text: text, parsed: parsed} },
	}
	if ts.providers == nil || len(ts.providers) > 1000 {
		ts.providers = map[string]*resource.Type{}
	}
	ts.providers[key] = t
	return named(t, d.Type), nil
}

func named(t *resource.Type, name string) *resource.Type {
	c := *t
	c.Name = name
	return &c
}

func properties(t *template.Template) schema.Properties {
	out := make(schema.Properties, len(t.Parameters))
	for _, p := range t.Parameters {
		prop := schema.Property{Kind: schema.String, Description: p.Description, Required: !p.HasDefault, UpdateAllowed: true,
			Constraints: p.Constraints, Sensitive: p.Hidden}
		switch strings.ToLower(strings.ReplaceAll(p.Type, "_", "")) {
		case "number":
			prop.Kind = schema.Number
		case "boolean":
			prop.Kind = schema.Boolean
		case "json":
			prop.Kind = schema.Map
		case "commadelimitedlist":
			prop.Kind = schema.List
		}
		out[p.Name] = prop
	}
	return out
}

func attributes(t *template.Template) schema.Attributes {
	out := make(schema.Attributes, len(t.Outputs))
	for _, o := range t.Outputs {
		out[o.Name] = schema.Attribute{Kind: schema.Any, Description: o.Description}
	}
	return out
}

// templateResource is the behaviour of a template that stands for a type.
type templateResource struct {
	file, text string
	parsed     *template.Template
}

var (
	_ resource.Parent         = (*templateResource)(nil)
	_ resource.PathAttributer = (*templateResource)(nil)
	_ resource.Referencer     = (*templateResource)(nil)
)

// Child is the nested stack: the properties given are its parameters.
func (r *templateResource) Child(_ context.Context, c *resource.Context) (*resource.ChildStack, error) {
	params := yaml.NewMap(c.Properties.Map().Len())
	for name, value := range c.Properties.Map().All() {
		if value != nil {
			params.Set(name, value)
		}
	}
	return &resource.ChildStack{Template: r.text, File: r.file, Parameters: params, Facade: true}, nil
}

// AttributePath reads an output, or of a member: resource.<name>[.<attribute>].
func (r *templateResource) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	if len(path) == 0 {
		all := yaml.NewMap(0)
		for _, o := range r.parsed.Outputs {
			v, _, err := c.Children.Output(ctx, o.Name)
			if err != nil {
				return nil, err
			}
			all.Set(o.Name, v)
		}
		return all, nil
	}
	name, _ := path[0].(string)
	if member, ok := strings.CutPrefix(name, "resource."); ok {
		member, attr, found := strings.Cut(member, ".")
		rest := path[1:]
		if found {
			rest = append([]any{attr}, rest...)
		}
		return c.Children.Attribute(ctx, member, rest)
	}
	v, ok, err := c.Children.Output(ctx, name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, core.Errorf(core.Invalid, "InvalidTemplateAttribute", "The Referenced Attribute (%s %s) is incorrect.", c.Name, name)
	}
	return function.Select(v, path[1:]), nil
}

// ReferenceID is the output OS::stack_id, else the nested stack's ARN.
func (r *templateResource) ReferenceID(c *resource.Context) any {
	if c.Children != nil {
		if v, ok, err := c.Children.Output(context.Background(), "OS::stack_id"); err == nil && ok {
			return v
		}
		if s, err := c.Children.Stack(context.Background()); err == nil && s != nil {
			return s.Identifier().ARN()
		}
	}
	return c.Name
}

// Create and Delete are the engine's for a Parent.
func (r *templateResource) Create(context.Context, *resource.Context) error { return errParent }
func (r *templateResource) Delete(context.Context, *resource.Context) error { return errParent }

var errParent = fmt.Errorf("the engine makes nested stacks itself")
