package schema_test

import (
	"testing"

	"hearth/core/schema"
	"hearth/core/yaml"
)

func TestFormerNamesOfProperties(t *testing.T) {
	address := schema.Properties{
		"subnet":    {Kind: schema.String},
		"subnet_id": {Kind: schema.String, ReplacedBy: "subnet"},
	}
	properties := schema.Properties{
		"network":    {Kind: schema.String, Required: true},
		"network_id": {Kind: schema.String, ReplacedBy: "network"},
		"fixed_ips":  {Kind: schema.List, Item: &schema.Property{Kind: schema.Map, Fields: address}},
	}
	for _, c := range []struct {
		given     *yaml.Map
		want, err string
	}{
		{yaml.MapOf("network", "n"), `{"network":"n"}`, ""},
		{yaml.MapOf("network_id", "n"), `{"network":"n"}`, ""},
		{yaml.MapOf("network", "n", "network_id", nil), `{"network":"n"}`, ""},
		{yaml.MapOf("network_id", "n", "fixed_ips", []any{yaml.MapOf("subnet_id", "s")}), `{"fixed_ips":[{"subnet":"s","subnet_id":null}],"network":"n"}`, ""},
		{yaml.MapOf("network", "n", "network_id", "m"), "", "Property error: x.network: Cannot define the following properties at the same time: network, network_id"},
	} {
		got, found := schema.Check(properties, c.given, "x", nil)
		if err := found.Err(); err != nil {
			if err.Error() != c.err {
				t.Errorf("got %q, want %q", err, c.err)
			}
			continue
		}
		text, err := yaml.EncodeJSON(got)
		if err != nil || string(text) != c.want {
			t.Errorf("got %s %v, want %s%s", text, err, c.want, c.err)
		}
	}
}
