// Package diag holds what is found wrong in templates, environments and values: every
// problem with its place, all at once, in the order in which Heat would meet them.
package diag

import (
	"strings"

	"hearth/core"
)

// Severity says whether a Diagnostic forbids the request.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is one problem. Heat's own text is composed of three parts, see Text: so
// that a nested stack can put its path in front.
type Diagnostic struct {
	Code     string // stable, for programs: unknown_property, parameter_missing …
	Severity Severity
	Type     string // Heat's exception: StackValidationFailed, UserParameterMissing, InvalidTemplateVersion …
	Kind     string // the words that Heat puts in front of the path ("Property error"); "" for none
	Path     string // resources.x.properties.y; "" where Heat names none
	Message  string // what is wrong, without Kind and Path
	Hint     string // what may help: did you mean …
	Key      string // the name that the problem is about, where it is one that Path leaves out: a property, a parameter
	File     string // "" for the root template
	Line     int    // from 1; 0 when unknown
	Column   int
	Pointer  string // the place in File as a JSON pointer (RFC 6901); "" for the whole document or none
}

// Text is Heat's error.message: "Property error: resources.r.properties.x: …".
func (d *Diagnostic) Text() string {
	parts := make([]string, 0, 3)
	for _, s := range []string{d.Kind, d.Path} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(append(parts, d.Message), ": ")
}

// UnknownSection is the Code of a template section that is none.
const UnknownSection = "unknown_section"

// List is every problem found, the first of them the one that Heat would have stopped at.
type List []Diagnostic

// HasErrors reports whether any of them is more than a warning.
func (l List) HasErrors() bool {
	for i := range l {
		if l[i].Severity != Warning {
			return true
		}
	}
	return false
}

// Err is nil when nothing but warnings is there; else the first error as *core.Error of
// code Invalid with Heat's exception name and text. errors.As finds the whole List in it.
func (l List) Err() error {
	for i := range l {
		if d := &l[i]; d.Severity != Warning {
			typ := d.Type
			if typ == "" {
				typ = "StackValidationFailed"
			}
			return &core.Error{Code: core.Invalid, Type: typ, Message: d.Text(), Err: l}
		}
	}
	return nil
}

// Error is the texts of all problems, a line each.
func (l List) Error() string {
	texts := make([]string, len(l))
	for i := range l {
		texts[i] = l[i].Text()
	}
	return strings.Join(texts, "\n")
}

// Within gives the problems of a nested template as its parent reports them: prefix
// (resources.c<child.yaml>) before every path, other exceptions than
// StackValidationFailed named in Kind (heat/engine/resources/stack_resource.py
// validate_nested_stack).
func (l List) Within(prefix, file string) List {
	out := make(List, len(l))
	for i, d := range l {
		if d.Type != "" && d.Type != "StackValidationFailed" {
			d.Kind, d.Path, d.Message = d.Type, "", d.Text()
			d.Type = "StackValidationFailed"
		} else if d.Code == UnknownSection {
			d.Kind = "InvalidTemplateSection" // only at the top Heat hides its own name for it
		}
		d.Path = strings.TrimSuffix(prefix+"."+d.Path, ".")
		if d.File == "" {
			d.File = file
		}
		out[i] = d
	}
	return out
}

// Error is Text: a Diagnostic can be the error that ends a computation.
func (d *Diagnostic) Error() string { return d.Text() }
