package barbican

import (
	"context"
	"encoding/base64"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gophercloud/gophercloud/v2/openstack/keymanager/v1/secrets"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

const (
	plainText   = "text/plain"
	octetStream = "application/octet-stream"
)

// Follows heat/engine/resources/openstack/barbican/secret.py.
var secretType = resource.Type{
	Name:        "OS::Barbican::Secret",
	Description: "A secret that the key manager keeps: a key, a password, a certificate or anything else.",
	Service:     "key-manager",
	Support:     schema.Support{Version: "2014.2"},
	Properties: schema.Properties{
		"name":    {Kind: schema.String, Description: "Name of the secret; without it one is made of the stack's and the resource's."},
		"payload": {Kind: schema.String, Sensitive: true, Description: "What is to be kept secret."},
		"secret_type": {
			Kind: schema.String, Default: "opaque", Support: schema.Support{Version: "5.0.0"},
			Constraints: []schema.Constraint{schema.OneOf("symmetric", "public", "private", "certificate", "passphrase", "opaque")},
			Description: "What kind of secret it is.",
		},
		"payload_content_type": {
			Kind: schema.String, Constraints: []schema.Constraint{schema.OneOf(plainText, octetStream)},
			Description: "Content type of the payload.",
		},
		"payload_content_encoding": {
			Kind: schema.String, Constraints: []schema.Constraint{schema.OneOf("base64")},
			Description: "Encoding of the payload, for one that is no text.",
		},
		"expiration": {
			Kind: schema.String, Constraints: []schema.Constraint{schema.Custom{Name: "expiration"}},
			Description: "When the secret expires, in ISO 8601.",
		},
		"algorithm":  {Kind: schema.String, Description: "Algorithm that the secret is for."},
		"bit_length": {Kind: schema.Integer, Constraints: []schema.Constraint{schema.Range{Min: 0}}, Description: "Length of the secret in bits."},
		"mode":       {Kind: schema.String, Description: "Mode of the algorithm that the secret is for."},
	},
	Attributes: schema.Attributes{
		"status":            {Kind: schema.String, Description: "Status of the secret."},
		"decrypted_payload": {Kind: schema.String, Description: "The payload; one that is no text is in base64."},
	},
	New: func() resource.Resource { return secret{} },
}

type secret struct{}

var (
	_ resource.Finder       = secret{}
	_ resource.CreateWaiter = secret{}
	_ resource.Observer     = secret{}
	_ resource.Attributer   = secret{}
	_ resource.Shower       = secret{}
	_ resource.Validator    = secret{}
)

func keyManager(c *resource.Context) (resource.API, error) {
	client, err := c.Cloud.Service(secretType.Service)
	return resource.API{Client: client}, err
}

// pathOf is the path of a secret whose physical id is its whole address, as in Heat.
func pathOf(ref string) string { return "secrets/" + path.Base(ref) }

// Validate wants content type and encoding to fit the payload and each other. What is not
// known yet passes.
func (secret) Validate(_ context.Context, c *resource.Context) error {
	p := c.Properties
	for _, name := range []string{"payload", "payload_content_type", "payload_content_encoding"} {
		if schema.IsUnknown(p.Get(name)) {
			return nil
		}
	}
	payload, contentType, encoding := p.String("payload"), p.String("payload_content_type"), p.String("payload_content_encoding")
	switch {
	case contentType != "" && payload == "":
		return core.Errorf(core.Invalid, "ResourcePropertyDependency", "payload_content_type cannot be specified without payload.")
	case contentType == octetStream && encoding == "":
		return core.StackValidationFailed("Property unspecified. For '%s' value of 'payload_content_type' property, 'payload_content_encoding' property must be specified.", octetStream)
	case contentType == octetStream && !isBase64(payload):
		return core.StackValidationFailed("Invalid payload for specified '%s' value of 'payload_content_encoding' property.", encoding)
	case encoding != "" && contentType != octetStream:
		return core.Errorf(core.Invalid, "ResourcePropertyValueDependency",
			"payload_content_encoding property should only be specified for payload_content_type with value %s.", octetStream)
	}
	return nil
}

// isBase64 passes over what is not of the alphabet, as Python does.
func isBase64(text string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/=", r) {
			return r
		}
		return -1
	}, text)
	_, err := base64.StdEncoding.DecodeString(digits)
	return err == nil
}

func secretName(c *resource.Context) string {
	if name := c.Properties.String("name"); name != "" {
		return name
	}
	return c.PhysicalName(0)
}

func (secret) Create(ctx context.Context, c *resource.Context) error {
	a, err := keyManager(c)
	if err != nil {
		return err
	}
	p, body := c.Properties, map[string]any{"name": secretName(c)}
	for name := range secretType.Properties {
		if name != "name" && p.Has(name) {
			body[name] = p.Get(name)
		}
	}
	if p.Has("payload") && p.String("payload_content_type") == "" {
		body["payload_content_type"] = plainText
	}
	answer, err := a.Post(ctx, "secrets", body)
	if err != nil {
		return err
	}
	c.PhysicalID = answer.String("secret_ref")
	return nil
}

// Find knows a secret by the name that was made for it. Names that are given may be
// anybody's: then the secret must be younger than the action, and no other resource's.
func (secret) Find(ctx context.Context, c *resource.Context) (bool, error) {
	a, err := keyManager(c)
	if err != nil {
		return false, err
	}
	answer, err := a.Get(ctx, "secrets?"+url.Values{"name": {secretName(c)}, "limit": {"100"}, "sort": {"created:desc"}}.Encode())
	if err != nil {
		return false, err
	}
	for _, s := range answer.Subs("secrets") {
		ref := s.String("secret_ref")
		if c.Properties.String("name") != "" {
			made, err := time.Parse("2006-01-02T15:04:05", s.String("created"))
			if err != nil || made.Before(c.Started.UTC().Truncate(time.Second)) {
				continue
			}
			if _, err = c.Siblings.ByPhysicalID(ctx, ref); err == nil {
				continue
			} else if core.ErrorCode(err) != core.NotFound {
				return false, err
			}
		}
		c.PhysicalID = ref
		return true, nil
	}
	return false, nil
}

func read(ctx context.Context, c *resource.Context) (resource.Values, error) {
	a, err := keyManager(c)
	if err != nil {
		return resource.Values{}, err
	}
	return a.Get(ctx, pathOf(c.PhysicalID))
}

func (secret) CreateComplete(ctx context.Context, c *resource.Context) (resource.Progress, error) {
	s, err := read(ctx, c)
	if err != nil {
		return resource.Progress{}, err
	}
	switch status := s.String("status"); status {
	case "ACTIVE":
		return resource.Done, nil
	case "PENDING":
		return c.Pause(), nil
	case "ERROR":
		reason := s.String("error_reason")
		if reason == "" {
			reason = "Unknown"
		}
		return resource.Progress{}, resource.InError(status, reason)
	default:
		return resource.Progress{}, resource.UnknownStatus("Secret creation failed", status)
	}
}

func (secret) Delete(ctx context.Context, c *resource.Context) error {
	if c.PhysicalID == "" {
		return nil
	}
	a, err := keyManager(c)
	if err != nil {
		return err
	}
	return a.Remove(ctx, pathOf(c.PhysicalID))
}

// Observe asks whether the secret is there: nothing of it can be changed.
func (secret) Observe(ctx context.Context, c *resource.Context) (*yaml.Map, error) {
	_, err := read(ctx, c)
	return nil, err
}

func (secret) Show(ctx context.Context, c *resource.Context) (any, error) {
	s, err := read(ctx, c)
	return s.Map(), err
}

func (secret) Attribute(ctx context.Context, c *resource.Context, name string) (any, error) {
	if c.PhysicalID == "" {
		return nil, nil
	}
	s, err := read(ctx, c)
	if err != nil {
		return nil, err
	}
	if name == "status" {
		return s.Get("status"), nil
	}
	contentType := s.Sub("content_types").String("default")
	if contentType == "" { // it has no payload
		return nil, nil
	}
	a, err := keyManager(c)
	if err != nil {
		return nil, err
	}
	payload, err := secrets.GetPayload(ctx, a.Client, path.Base(c.PhysicalID), secrets.GetPayloadOpts{PayloadContentType: contentType}).Extract()
	switch {
	case err != nil:
		return nil, cloud.Describe(err)
	case utf8.Valid(payload):
		return string(payload), nil
	}
	return base64.StdEncoding.EncodeToString(payload), nil
}
