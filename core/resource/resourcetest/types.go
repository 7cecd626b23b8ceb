package resourcetest

import (
	"strings"
	"testing"

	"hearth/core/resource"
	"hearth/core/schema"
)

// CheckTypes fails for whatever in a family's list is not fit to be shown or registered:
// a description that is missing or no sentence, a default that breaks its own
// constraints, a name that is there twice.
func CheckTypes(t *testing.T, types []resource.Type) {
	t.Helper()
	if _, err := resource.NewRegistry(types); err != nil {
		t.Error(err)
	}
	for _, typ := range types {
		sentence(t, typ.Name, typ.Description)
		checkProperties(t, typ.Name, typ.Properties)
		for name, a := range typ.Attributes {
			sentence(t, typ.Name+" attribute "+name, a.Description)
		}
		if typ.New == nil || typ.New() == nil {
			t.Errorf("%s has no behaviour", typ.Name)
		}
	}
}

func checkProperties(t *testing.T, path string, properties schema.Properties) {
	t.Helper()
	for name, p := range properties {
		at := path + "." + name
		sentence(t, at, p.Description)
		if p.Default != nil {
			if message := schema.CheckConstraints(p.Kind, p.Constraints, p.Default, nil); message != "" {
				t.Errorf("%s: default: %s", at, message)
			}
		}
		if p.ReplacedBy != "" {
			if _, ok := properties[p.ReplacedBy]; !ok {
				t.Errorf("%s is replaced by %s, which is not there", at, p.ReplacedBy)
			}
		}
		checkProperties(t, at, p.Fields)
		if p.Item != nil {
			checkProperties(t, at, p.Item.Fields)
		}
	}
}

func sentence(t *testing.T, what, text string) {
	t.Helper()
	if text == "" || !strings.HasSuffix(text, ".") {
		t.Errorf("%s: %q is no sentence", what, text)
	}
}
