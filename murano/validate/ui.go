package validate

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hearth/core/diag"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/core/yaql/std"
	yaqlsyntax "hearth/core/yaql/syntax"
	"hearth/murano/muranopl/syntax"
)

// The sections of a form definition, and the newest format of it (murano-dashboard,
// dynamic_ui/version.py).
var uiKeys = []string{"Version", "Application", "Templates", "Parameters", "ParametersSource", "Forms", "Name"}

const newestForm = 4 // 2.4

// fieldTypes are what a field may be beside the full name of a class.
var fieldTypes = []string{"string", "text", "integer", "boolean", "floatingip", "password", "choice", "flavor", "image", "keypair",
	"securitygroup", "azone", "zone", "volume", "network", "clusterip", "databaselist", "domain"}

var fieldKeys = []string{"name", "type", "label", "description", "descriptionTitle", "helpText", "initial", "required", "hidden", "enabled",
	"minLength", "maxLength", "minValue", "maxValue", "regexpValidator", "validators", "errorMessages", "choices", "widgetMedia", "widgetAttrs",
	"requirements", "imageType", "filter", "murano_networks", "allowAuto", "includeVolumes", "includeSnapshots", "confirmInput", "emptyValueMessage",
	"templateName", "template"}

// uiWord are the scalars of a form definition that are no expressions.
var uiWord = regexp.MustCompile(`^[\s\p{L}\p{N}_.:]*$`)

// ui checks the form definition.
func (c *checker) ui() {
	named := get(c.pkg.manifest, "UI")
	name := "ui.yaml"
	if named != nil && textOf(named) != "" {
		name = textOf(named)
	}
	s := c.at(path.Join("UI", path.Join("/", name)))
	if !c.archive.Has(s.file) {
		if named != nil {
			c.at("manifest.yaml").fail("ui", named, "there is no file "+s.file, diag.DidYouMean(name, c.archive.Under("UI")))
		}
		return
	}
	text, ok := s.read()
	if !ok {
		return
	}
	engines := []*yaql.Engine{yaql.New(std.Legacy()), yaql.New(std.Default())}
	root, err := yaml.ParseYAML(text, yaml.Options{MaxBytes: 1 << 20, Plain: func(text string) (any, bool) { return uiScalar(engines, text) }})
	if err != nil {
		s.broken(err)
		return
	}
	if root.Kind != yaml.Mapping {
		s.fail("not_a_mapping", root, "the form definition is "+kindOf(root)+", not a mapping", "")
		return
	}
	s.keys(root.Pairs, "a form definition", uiKeys...)
	s.uiVersion(root.Get("Version"))
	forms := s.forms(root.Get("Forms"))
	switch application := get(root, "Application"); {
	case application == nil:
		s.fail("ui", root, "there is no Application", "it is the template of the object that the form makes")
	case application.Kind != yaml.Mapping:
		s.fail("ui", application, "Application is "+kindOf(application)+", not a mapping", "")
	default:
		s.application(application)
		s.answers(application, forms)
	}
	if n := get(root, "Templates"); n != nil {
		for _, p := range s.mapping(n, "Templates") {
			s.answers(p.Value, forms)
		}
	}
	s.mapping(root.Get("Parameters"), "Parameters")
	s.unread(root)
}

func uiScalar(engines []*yaql.Engine, text string) (any, bool) {
	if uiWord.MatchString(text) {
		return nil, false
	}
	var first error
	for _, e := range engines {
		x, err := syntax.ParseExpression(e, text)
		if err == nil {
			return x, true
		}
		if first == nil {
			first = err
		}
	}
	if strings.Contains(text, "$") {
		return &syntax.Unread{Text: text, Err: first}, true
	}
	return nil, false
}

func (s spot) uiVersion(n *yaml.Node) {
	if n == nil || n.IsNull() {
		return
	}
	major, minor, _ := strings.Cut(textOf(n), ".")
	number, err := strconv.Atoi(minor)
	switch {
	case major != "2":
		s.fail("ui_version", n, fmt.Sprintf("form definitions of version %q are not understood", textOf(n)), "2, 2.1 to 2.4")
	case minor != "" && (err != nil || number < 0 || number > newestForm):
		s.fail("ui_version", n, fmt.Sprintf("form definitions of version %q are not understood", textOf(n)), "the newest is 2.4")
	}
}

// application checks the class of the object that a form makes.
func (s spot) application(n *yaml.Node) {
	header := get(n, "?")
	kind := get(header, "type")
	if kind == nil {
		s.fail("ui", n, "Application has no type", "'?': {type: the full name of a class}")
		return
	}
	if _, isText := kind.Value.(string); !isText || !fullClassName.MatchString(textOf(kind)) {
		return
	}
	if found, why, sure := s.c.world.find(s.c.pkg, textOf(kind)); found == nil {
		severity := diag.Error
		if !sure {
			severity = diag.Warning
		}
		s.add(severity, "no_class", kind, fmt.Sprintf("Class \"%s\" is not found", textOf(kind)), why)
	}
}

// forms checks the forms and gives the fields of each.
func (s spot) forms(n *yaml.Node) map[string][]string {
	out := map[string][]string{"workflowManagement": {"application_name", "stay_at_the_catalog"}}
	if n == nil || n.IsNull() {
		return out
	}
	if n.Kind != yaml.Sequence {
		s.fail("ui", n, "Forms is "+kindOf(n)+", not a list", "")
		return out
	}
	for _, form := range n.Items {
		if form.Kind != yaml.Mapping || len(form.Pairs) != 1 {
			s.fail("ui", form, "a form is a mapping of its name to its fields", "")
			continue
		}
		name := textOf(form.Pairs[0].At)
		if out[name] != nil {
			s.fail("ui", form.Pairs[0].At, "there are two forms named "+name, "")
		}
		out[name] = s.in("Forms." + name).oneForm(form.Pairs[0].Value)
	}
	return out
}

// oneForm checks one form and gives the names of its fields.
func (s spot) oneForm(n *yaml.Node) []string {
	names := []string{}
	s.keys(s.mapping(n, "a form"), "a form", "fields", "validators", "region")
	fields := n.Get("fields")
	if fields != nil && !fields.IsNull() && fields.Kind != yaml.Sequence {
		s.fail("ui", fields, "fields is "+kindOf(fields)+", not a list", "")
		return names
	}
	if fields != nil {
		for _, field := range fields.Items {
			if name := s.field(field); name != "" {
				if slices.Contains(names, name) {
					s.fail("ui", at(field, "name"), "there are two fields named "+name, "")
				}
				names = append(names, name)
			}
		}
	}
	s.validators(n.Get("validators"))
	return names
}

// field checks one field and gives its name.
func (s spot) field(n *yaml.Node) string {
	if n.Kind != yaml.Mapping {
		s.fail("ui", n, "a field is "+kindOf(n)+", not a mapping", "")
		return ""
	}
	name := textOf(n.Get("name"))
	if name == "" {
		s.fail("ui", n, "a field has no name", "")
	}
	s.keys(n.Pairs, "a field", fieldKeys...)
	kinds := itemsOf(n.Get("type"))
	if len(kinds) == 0 {
		s.fail("ui", n, "field "+name+" has no type", "")
	}
	for _, kind := range kinds {
		t := textOf(kind)
		if expressionOf(kind) == nil && !slices.Contains(fieldTypes, t) && !strings.Contains(t, ".") {
			s.fail("ui", kind, fmt.Sprintf("there is no type of fields %q", t), diag.DidYouMean(t, fieldTypes))
		}
	}
	s.validators(n.Get("validators"))
	return name
}

func (s spot) validators(n *yaml.Node) {
	for _, v := range itemsOf(n) {
		if v.Kind != yaml.Mapping || v.Get("expr") == nil {
			s.fail("ui", v, "a validator has no expr", "{expr: an expression, message: what is wrong}")
		}
	}
}

// answers warns of fields that expressions name and no form has.
func (s spot) answers(n *yaml.Node, forms map[string][]string) {
	for _, item := range n.Items {
		s.answers(item, forms)
	}
	for _, p := range n.Pairs {
		s.answers(p.Value, forms)
	}
	x := expressionOf(n)
	if x == nil {
		return
	}
	form, field, ok := answer(x.Tree)
	if !ok {
		return
	}
	fields, known := forms[form]
	switch {
	case !known:
		var names []string
		for name := range forms {
			names = append(names, name)
		}
		slices.Sort(names)
		s.warn("no_field", n, "there is no form "+form, diag.DidYouMean(form, names))
	case !slices.Contains(fields, field):
		s.warn("no_field", n, fmt.Sprintf("form %s has no field %s", form, field), diag.DidYouMean(field, fields))
	}
}

// answer is the form and the field that $.form.field names, at the start of an expression.
func answer(n yaqlsyntax.Node) (form, field string, ok bool) {
	var names []string
	for {
		switch v := n.(type) {
		case *yaqlsyntax.Variable:
			if v.Name != "$" || len(names) < 2 {
				return "", "", false
			}
			last := len(names) - 1
			return names[last], names[last-1], names[last] != "" && names[last-1] != ""
		case *yaqlsyntax.Call:
			if v.Name != "#operator_." || len(v.Args) != 2 {
				return "", "", false
			}
			name := ""
			if k, isName := v.Args[1].(*yaqlsyntax.Keyword); isName {
				name = k.Name
			}
			names = append(names, name)
			n = v.Args[0]
		default:
			return "", "", false
		}
	}
}
