package diag_test

import (
	"errors"
	"testing"

	"hearth/core"
	"hearth/core/diag"
)

var list = diag.List{
	{Severity: diag.Warning, Message: "old"},
	{Severity: diag.Error, Type: "StackValidationFailed", Kind: "Property error", Path: "resources.r.properties", Message: "Unknown Property x"},
	{Severity: diag.Error, Type: "UserParameterMissing", Message: "The Parameter (p) was not provided."},
}

func TestErrIsTheFirstError(t *testing.T) {
	err := list.Err()
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Code != core.Invalid || e.Type != "StackValidationFailed" || e.Message != "Property error: resources.r.properties: Unknown Property x" {
		t.Errorf("%+v", e)
	}
	if l, ok := errors.AsType[diag.List](err); !ok || len(l) != 3 {
		t.Error("the list is lost")
	}
	if err := list[:1].Err(); err != nil || diag.List(nil).Err() != nil {
		t.Error(err)
	}
}

func TestWithinANestedStack(t *testing.T) {
	nested := list[1:].Within("resources.c<child.yaml>", "child.yaml")
	for i, want := range []string{
		"Property error: resources.c<child.yaml>.resources.r.properties: Unknown Property x",
		"UserParameterMissing: resources.c<child.yaml>: The Parameter (p) was not provided.",
	} {
		if got := nested[i].Text(); got != want || nested[i].File != "child.yaml" || nested[i].Type != "StackValidationFailed" {
			t.Errorf("%q, want %q", got, want)
		}
	}
	twice := nested[1:].Within("resources.p<parent.yaml>", "parent.yaml")
	if got, want := twice[0].Text(), "UserParameterMissing: resources.p<parent.yaml>.resources.c<child.yaml>: The Parameter (p) was not provided."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestDidYouMean(t *testing.T) {
	for name, want := range map[string]string{"flavour": `did you mean "flavor"?`, "networks": `did you mean "network"?`, "xyzzy": "", "imgae": `did you mean "image"?`, "ntework": `did you mean "network"?`} {
		if got := diag.DidYouMean(name, []string{"flavor", "image", "network"}); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
