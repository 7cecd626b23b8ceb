package heat

import (
	"context"
	"encoding/json"
	"path"
	"strings"

	"github.com/google/uuid"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

// Follows heat/engine/resources/openstack/heat/multi_part.py.
var multipartMimeType = resource.Type{
	Name:        "OS::Heat::MultipartMime",
	Description: "Joins configurations into one multipart MIME message, as cloud-init takes it.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"group": {
			Kind: schema.String, Default: ungrouped, Description: "Names the tool that understands the config.",
			Support: schema.Support{Version: "14.0.0"},
		},
		"parts": {
			Kind: schema.List, Default: []any{}, Description: "The parts of the message, in their order.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"config":   {Kind: schema.String, Required: true, Description: "The part's content, or the id of a software config that holds it."},
				"filename": {Kind: schema.String, Description: "File name of the part; without a subtype its stem is the subtype."},
				"type": {
					Kind: schema.String, Default: "text", Constraints: []schema.Constraint{schema.OneOf("text", "multipart")},
					Description: "Whether the content is a text or a multipart message whose parts are taken one by one.",
				},
				"subtype": {Kind: schema.String, Description: "Subtype of the text, such as cloud-config or x-shellscript."},
			}},
		},
	},
	Attributes: schema.Attributes{"config": {Kind: schema.String, Description: "The message."}},
	New:        func() resource.Resource { return multipartMime{} },
}

type multipartMime struct{ softwareConfig }

func (multipartMime) Create(ctx context.Context, c *resource.Context) error {
	var parts []mimePart
	for _, item := range c.Properties.Subs("parts") {
		content, err := partContent(ctx, c, item.String("config"))
		if err != nil {
			return err
		}
		if item.String("type") == "multipart" {
			parts = append(parts, partsOf(content)...)
			continue
		}
		p := mimePart{subtype: item.String("subtype"), filename: item.String("filename"), content: content}
		if p.subtype == "" {
			p.subtype = strings.TrimSuffix(p.filename, path.Ext(p.filename))
		}
		parts = append(parts, p)
	}
	return storeConfig(ctx, c, c.Properties.String("group"), mimeMessage(parts))
}

// partContent is the text of a part: that of the software config it names, else itself.
// A config whose body is a map is written as JSON.
func partContent(ctx context.Context, c *resource.Context, config string) (string, error) {
	if uuid.Validate(config) != nil {
		return config, nil
	}
	stored, err := c.Configs.FindConfig(ctx, config)
	if cloud.NotFound(err) {
		return config, nil
	}
	if err != nil {
		return "", err
	}
	var body struct{ Config json.RawMessage }
	if err := json.Unmarshal(stored.Config, &body); err != nil {
		return "", err
	}
	value, err := yaml.DecodeJSON(body.Config)
	switch value := value.(type) {
	case nil:
		return "", err
	case string:
		return value, err
	}
	return yaml.Dumps(value, false), err
}
