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
	"hearth/core/template"
	"hearth/core/yaml"
)

// MissingTemplate is the Code of a nested template that is not among the files; the
// Diagnostic's Key is its name.
const MissingTemplate = "missing_template"

// provider gives the type that a template stands for: its parameters are the properties,
// its outputs the attributes; defaults are the environment's (heat/engine/resources/template_resource.py).
func (ts *Types) provider(d *template.Definition, file string, files map[string]string, defaults *yaml.Map) (*resource.Type, diag.List) {
	if !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".template") {
		return nil, diag.List{problem("unknown_type", "Only Templates with an extension of .yaml or .template are supported")}
	}
	text, ok := files[file]
	if !ok {
		p := problem(MissingTemplate, unfetched(file))
		p.Key = file
		return nil, diag.List{p}
	}
	sum := sha256.Sum256([]byte(file + "\x00" + text))
	key := hex.EncodeToString(sum[:])
	parsed, problems := ts.provided(d, key, file, text)
	if parsed == nil {
		return nil, problems
	}
	return &resource.Type{
		Name: d.Type, Description: parsed.Description, Properties: parsed.Properties(defaults), Attributes: parsed.Attributes(), Digest: key,
		New: func() resource.Resource { return &templateResource{file: file, text: text, parsed: parsed} },
	}, problems
}

// provided understands the template of a provider, once. With problems it is given as long
// as its parameters can be told.
func (ts *Types) provided(d *template.Definition, key, file, text string) (*template.Template, diag.List) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t := ts.providers[key]; t != nil {
		return t, nil
	}
	node, problems := template.Read([]byte(text), file, yaml.Options{})
	if problems.HasErrors() {
		for i := range problems {
			problems[i].Type = "StackValidationFailed"
		}
		return nil, problems
	}
	parsed, problems := template.Parse(node, ts.templateOptions(file))
	switch {
	case len(problems) > 0 && problems[0].Type == "InvalidSchemaError":
		return nil, problems
	case !parsed.Readable():
		return nil, problems.Within(nestedPath(d.Name, file), file)
	case problems.HasErrors():
		return parsed, problems.Within(nestedPath(d.Name, file), file)
	}
	if ts.providers == nil || len(ts.providers) > 1000 {
		ts.providers = map[string]*template.Template{}
	}
	ts.providers[key] = parsed
	return parsed, nil
}

// unfetched is why there is no template: Hearth fetches none, wherever it might be.
func unfetched(file string) string {
	text := "Could not fetch remote template \"" + file + "\": "
	scheme, _, found := strings.Cut(file, ":")
	switch {
	case !found:
		return text + "Invalid URL scheme "
	case scheme == "http" || scheme == "https":
		return text + "it is not among the files of the request"
	}
	return text + "Invalid URL scheme " + scheme
}

// templateResource is the behaviour of a template that stands for a type.
type templateResource struct {
	file, text string
	parsed     *template.Template
}

var (
	_ resource.Parent             = (*templateResource)(nil)
	_ resource.PathAttributer     = (*templateResource)(nil)
	_ resource.Referencer         = (*templateResource)(nil)
	_ resource.ReferencePredictor = (*templateResource)(nil)
)

// Child is the nested stack: the properties given are its parameters.
func (r *templateResource) Child(_ context.Context, c *resource.Context) (*resource.ChildStack, error) {
	return &resource.ChildStack{Template: r.text, File: r.file, Parameters: r.parsed.ParameterValues(c.Properties.Map()), Facade: true}, nil
}

// AttributePath reads an output, or of a member: resource.<name>[.<attribute>].
func (r *templateResource) AttributePath(ctx context.Context, c *resource.Context, path []any) (any, error) {
	if len(path) == 0 {
		all := yaml.NewMap(0)
		for _, o := range r.parsed.Outputs {
			v, err := r.output(ctx, c, o.Name)
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
		v, err := c.Children.Attribute(ctx, member, rest)
		if core.ErrorCode(err) == core.Invalid {
			err = noOutput(c, name)
		}
		return v, err
	}
	v, err := r.output(ctx, c, name)
	if err != nil {
		return nil, err
	}
	return function.Select(v, path[1:]), nil
}

// output reads an output of the nested stack.
func (r *templateResource) output(ctx context.Context, c *resource.Context, name string) (any, error) {
	v, ok, err := c.Children.Output(ctx, name)
	switch {
	case core.ErrorCode(err) == core.Invalid:
		return nil, core.Errorf(core.Invalid, "TemplateOutputError", "Error in %s output %s: %s", c.Name, name, err)
	case err == nil && !ok:
		return nil, noOutput(c, name)
	}
	return v, err
}

func noOutput(c *resource.Context, name string) error {
	return core.Errorf(core.Invalid, "InvalidTemplateAttribute", "%s", function.NoAttribute(c.Name, name))
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

// PredictReference is ReferenceID as far as it does not hang on what is yet to be made.
func (r *templateResource) PredictReference(c *resource.Context) (any, bool) {
	ref := r.ReferenceID(c)
	return ref, ref != c.Name
}

// Create and Delete are the engine's for a Parent.
func (r *templateResource) Create(context.Context, *resource.Context) error { return errParent }
func (r *templateResource) Delete(context.Context, *resource.Context) error { return errParent }

var errParent = fmt.Errorf("the engine makes nested stacks itself")
