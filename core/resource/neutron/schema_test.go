package neutron

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/schema"
)

// testdata/inventory.txt is the inventory of Heat's own schemas: property(kind flags
// =default) with s string, i integer, n number, b boolean, l list, m map; ! required,
// u updatable, h hidden.
func TestSchemasAreHeats(t *testing.T) {
	src, err := os.ReadFile("testdata/inventory.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for line := range strings.Lines(string(src)) {
		want = append(want, normal(strings.TrimSpace(line)))
	}
	for _, typ := range Types {
		got = append(got, normal(inventory(typ.Name, typ.Properties, typ.Attributes)))
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

var item = regexp.MustCompile(`[^ ,]+\([^)]*\)`)

// normal sorts the properties of a line.
func normal(line string) string {
	head, attributes, _ := strings.Cut(line, "; attributes: ")
	name, properties, _ := strings.Cut(head, ": ")
	all := item.FindAllString(properties, -1)
	slices.Sort(all)
	return name + ": " + strings.Join(all, ", ") + "; " + attributes
}

func inventory(name string, properties schema.Properties, attributes schema.Attributes) string {
	var props, attrs []string
	for n, p := range properties {
		code := string(p.Kind[0])
		if p.Required {
			code += "!"
		}
		if p.UpdateAllowed {
			code += "u"
		}
		if p.Support.Status == "HIDDEN" {
			code += "h"
		}
		switch d := p.Default.(type) {
		case bool:
			code += "=" + map[bool]string{true: "True", false: "False"}[d]
		case string:
			if d != "" {
				code += "=" + d
			}
		case int:
			code += fmt.Sprintf("=%d", d)
		}
		props = append(props, n+"("+code+")")
	}
	for n := range attributes {
		attrs = append(attrs, n)
	}
	slices.Sort(attrs)
	return name + ": " + strings.Join(props, ", ") + "; attributes: " + strings.Join(attrs, ", ")
}

func TestEverythingIsDescribed(t *testing.T) {
	for _, typ := range Types {
		if typ.Description == "" || typ.Service != "network" {
			t.Errorf("%s: no description or service", typ.Name)
		}
		described(t, typ.Name, typ.Properties)
		for name, a := range typ.Attributes {
			if a.Description == "" || a.Kind == "" {
				t.Errorf("%s: attribute %s is not described", typ.Name, name)
			}
		}
	}
}

func described(t *testing.T, path string, properties schema.Properties) {
	for name, p := range properties {
		if p.Description == "" {
			t.Errorf("%s: property %s is not described", path, name)
		}
		for _, c := range p.Constraints {
			if _, err := json.Marshal(c.Doc()); err != nil {
				t.Errorf("%s.%s: %v", path, name, err)
			}
		}
		described(t, path+"."+name, p.Fields)
		if p.Item != nil {
			described(t, path+"."+name, p.Item.Fields)
		}
	}
}
