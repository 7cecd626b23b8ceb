package template

import (
	"bytes"
	"errors"

	"hearth/core"
	"hearth/core/diag"
	"hearth/core/yaml"
)

// Read reads the text of a template: JSON or YAML. file is its name, "" for the root
// template. Problems are of type ValueError, as Heat's parser raises them
// (heat/common/template_format.py); the APIs put "Template not in valid format" in front.
// A text above o.MaxBytes is RequestLimitExceeded.
func Read(text []byte, file string, o yaml.Options) (*yaml.Node, diag.List) {
	if o.MaxBytes > 0 && len(text) > o.MaxBytes {
		e := core.RequestLimitExceeded("Template size (%d bytes) exceeds maximum allowed size (%d bytes).", len(text), o.MaxBytes)
		return nil, diag.List{located(diag.Diagnostic{Code: "too_large", Type: e.Type, Message: e.Message}, file, nil)}
	}
	n, err := yaml.Parse(text, o)
	if err != nil {
		name := file
		if name == "" {
			name = "[root stack]"
		}
		return nil, unreadable(err, "Error parsing template "+name+" ", file)
	}
	if n.IsNull() && string(bytes.TrimSpace(text)) != "null" { // which is JSON, and no object
		n = &yaml.Node{Kind: yaml.Mapping, Line: n.Line, Column: n.Column}
	}
	if n.Kind != yaml.Mapping {
		return nil, diag.List{located(diag.Diagnostic{
			Code: "syntax", Type: "ValueError", Message: "The template is not a JSON object or YAML mapping.",
		}, file, n)}
	}
	for _, s := range versionSections {
		if n.Get(s) != nil {
			return n, nil
		}
	}
	return nil, diag.List{located(diag.Diagnostic{
		Code: "version", Type: "ValueError", Message: "Template format version not found.",
	}, file, n)}
}

func unreadable(err error, prefix, file string) diag.List {
	d := diag.Diagnostic{Code: "syntax", Type: "ValueError", Message: prefix + err.Error()}
	at := &yaml.Node{}
	if s, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		at.Line, at.Column = s.Line, s.Column
	}
	if errors.Is(err, yaml.ErrTooLarge) {
		d.Code, d.Type = "too_large", "RequestLimitExceeded"
	}
	return diag.List{located(d, file, at)}
}
