package exchangetest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// Values that come as text become what their schema says, to be held to it.

// is reports whether a schema allows a type of JSON.
func is(schema node, typ string) bool {
	switch t := schema.value["type"].(type) {
	case string:
		return t == typ
	case []any:
		return slices.Contains(t, any(typ))
	}
	return false
}

// fromText reads a text as the boolean or number that its schema wants, in the spelling of
// Python, too; otherwise it stays a text.
func (d *Document) fromText(schema node, text string) any {
	switch {
	case is(schema, "boolean") && strings.EqualFold(text, "true"):
		return true
	case is(schema, "boolean") && strings.EqualFold(text, "false"):
		return false
	case (is(schema, "integer") || is(schema, "number")) && json.Valid([]byte(text)):
		return json.Number(text)
	case is(schema, "null") && (text == "None" || text == ""):
		return nil
	}
	return text
}

// fromForm gives a form as the object that its schema describes.
func (d *Document) fromForm(schema node, form url.Values) any {
	out := map[string]any{}
	properties := d.child(d.variant(schema, form), "properties")
	for name := range form {
		out[name] = d.fromText(d.child(properties, name), form.Get(name))
	}
	return out
}

// variant is the alternative of a schema that the discriminator finds.
func (d *Document) variant(schema node, form url.Values) node {
	discriminator := d.child(schema, "discriminator")
	mapping, _ := discriminator.value["mapping"].(map[string]any)
	if ref, ok := mapping[form.Get(discriminator.text("propertyName"))]; ok {
		return d.resolve(node{"", map[string]any{"$ref": ref}})
	}
	return schema
}

// element is one of an XML document.
type element struct {
	XMLName  xml.Name
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
}

// fromXML gives the root of a document as what its schema describes, or an error when its
// name is that of none.
func (d *Document) fromXML(schema node, body []byte) (any, error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	var root element
	if err := decoder.Decode(&root); err != nil {
		return nil, fmt.Errorf("XML: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("XML: more than one root")
	}
	named := []node{schema}
	alternatives, _ := schema.value["oneOf"].([]any)
	for i := range alternatives {
		named = append(named, d.item(schema, "oneOf", i))
	}
	for _, s := range named {
		if d.child(s, "xml").text("name") == root.XMLName.Local {
			return d.fromElement(s, root), nil
		}
	}
	return nil, fmt.Errorf("XML: <%s> is not documented", root.XMLName.Local)
}

func (d *Document) fromElement(schema node, e element) any {
	switch {
	case is(schema, "array"):
		items := d.child(schema, "items")
		out := []any{}
		for _, child := range e.Children {
			if child.XMLName.Local != "member" {
				return fmt.Sprintf("a list of <%s>", child.XMLName.Local)
			}
			out = append(out, d.fromElement(items, child))
		}
		return out
	case is(schema, "object") && (len(e.Children) > 0 || e.Text == ""):
		properties := d.child(schema, "properties")
		out := map[string]any{}
		for _, child := range e.Children {
			out[child.XMLName.Local] = d.fromElement(d.child(properties, child.XMLName.Local), child)
		}
		return out
	case schema.value["type"] == nil && len(e.Children) > 0: // any
		out := map[string]any{}
		for _, child := range e.Children {
			out[child.XMLName.Local] = child.Text
		}
		return out
	}
	return d.fromText(schema, e.Text)
}
