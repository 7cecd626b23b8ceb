package neutron

import (
	"hearth/core/schema"
	"hearth/core/yaml"
)

// What the schemas of several types have in common.

func custom(name string) []schema.Constraint { return []schema.Constraint{schema.Custom{Name: name}} }

func oneOf(values ...any) []schema.Constraint {
	return []schema.Constraint{schema.AllowedValues{Values: values}}
}

func between(least, most any) []schema.Constraint {
	return []schema.Constraint{schema.Range{Min: least, Max: most}}
}

func since(version string) schema.Support { return schema.Support{Version: version} }

// replaced is a property of an older name for another one: it went out of use in
// deprecated and out of sight in hidden.
func replaced(by, constraint, deprecated, hidden string) schema.Property {
	use := "Use property " + by + "."
	return schema.Property{
		Kind: schema.String, Description: "Former name of property " + by + ".", ReplacedBy: by, Constraints: custom(constraint),
		Support: schema.Support{Status: "HIDDEN", Version: hidden, Message: use,
			Previous: &schema.Support{Status: "DEPRECATED", Version: deprecated, Message: use}},
	}
}

func tags(of, version string) schema.Property {
	return schema.Property{
		Kind: schema.List, Description: "Tags to put on the " + of + ".", Item: &schema.Property{Kind: schema.String},
		UpdateAllowed: true, Support: since(version),
	}
}

func valueSpecs(updateAllowed bool) schema.Property {
	return schema.Property{
		Kind: schema.Map, Default: yaml.NewMap(0), UpdateAllowed: updateAllowed,
		Description: "Further keys for the request, as the plug-ins of the networking service define them.",
	}
}

func adminStateUp(of string) schema.Property {
	return schema.Property{Kind: schema.Boolean, Description: "Whether the " + of + " is administratively up.", Default: true, UpdateAllowed: true}
}

func nameOf(of string) schema.Property {
	return schema.Property{Kind: schema.String, Description: "Name of the " + of + "; it need not be unique.", UpdateAllowed: true}
}

func tenantID(of string) schema.Property {
	return schema.Property{Kind: schema.String, Description: "Project that is to own the " + of + ". Only administrators may give one that is not theirs."}
}

func zoneHints(of string, updateAllowed bool) schema.Property {
	return schema.Property{
		Kind: schema.List, Description: "Availability zones in which the " + of + " should be scheduled.",
		UpdateAllowed: updateAllowed, Support: since("19.0.0"),
	}
}

func text(description string) schema.Attribute {
	return schema.Attribute{Kind: schema.String, Description: description}
}

func list(description string) schema.Attribute {
	return schema.Attribute{Kind: schema.List, Description: description}
}

func attribute(kind schema.Kind, version, description string) schema.Attribute {
	return schema.Attribute{Kind: kind, Description: description, Support: since(version)}
}
