package heat

import (
	"context"
	crand "crypto/rand"
	"math/rand/v2"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/schema"
	"hearth/core/yaml"
)

const (
	lowercase = "abcdefghijklmnopqrstuvwxyz"
	uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits    = "0123456789"
)

var characterClasses = map[string]string{
	"lettersdigits": uppercase + lowercase + digits,
	"letters":       uppercase + lowercase,
	"lowercase":     lowercase,
	"uppercase":     uppercase,
	"digits":        digits,
	"hexdigits":     digits + "ABCDEF",
	"octdigits":     "01234567",
}

var (
	randomLength = []schema.Constraint{schema.Range{Min: 1, Max: 512}}
	classNames   = []schema.Constraint{schema.OneOf("lettersdigits", "letters", "lowercase", "uppercase", "digits", "hexdigits", "octdigits")}
)

// Follows heat/engine/resources/openstack/heat/random_string.py.
var randomStringType = resource.Type{
	Name:        "OS::Heat::RandomString",
	Description: "Makes a random text, for passwords and unique names. The text stays until the resource is replaced.",
	Support:     schema.Support{Version: "2014.1"},
	Properties: schema.Properties{
		"length": {Kind: schema.Integer, Default: int64(32), Constraints: randomLength, Description: "How many characters the text has."},
		"sequence": {
			Kind: schema.String, Description: "The characters to draw from.",
			Support: schema.Support{
				Status: "HIDDEN", Version: "5.0.0", Message: "Use the property character_classes instead.",
				Previous: &schema.Support{Status: "DEPRECATED", Version: "2014.2"},
			},
		},
		"character_classes": {
			Kind:        schema.List,
			Description: "The classes of characters to draw from, and how many of each there must be.",
			Default:     []any{yaml.MapOf("class", "lettersdigits", "min", int64(1))},
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"class": {Kind: schema.String, Default: "lettersdigits", Constraints: classNames, Description: "A class of characters."},
				"min":   {Kind: schema.Integer, Default: int64(1), Constraints: randomLength, Description: "How many characters of the class there are at least."},
			}},
		},
		"character_sequences": {
			Kind:        schema.List,
			Description: "Sets of characters to draw from, and how many of each there must be.",
			Item: &schema.Property{Kind: schema.Map, Fields: schema.Properties{
				"sequence": {Kind: schema.String, Required: true, Description: "A set of characters, written as a text."},
				"min":      {Kind: schema.Integer, Default: int64(1), Constraints: randomLength, Description: "How many characters of the set there are at least."},
			}},
		},
		"salt": {Kind: schema.String, Description: "Any text; changing it on update makes a new random text."},
	},
	Attributes: schema.Attributes{
		"value": {Kind: schema.String, Description: "The random text; get_resource yields it as well."},
	},
	New: func() resource.Resource { return randomString{} },
}

type randomString struct{}

var (
	_ resource.Attributer = randomString{}
	_ resource.Referencer = randomString{}
	_ resource.Validator  = randomString{}
	_ resource.Shaper     = randomString{}
)

// Shape moves the former sequence into character_classes.
func (randomString) Shape(given *yaml.Map) (*yaml.Map, schema.Properties) {
	class, ok := given.Get("sequence")
	if !ok || class == nil || given.Has("character_classes") {
		return given, randomStringType.Properties
	}
	moved := given.Clone()
	moved.Delete("sequence")
	moved.Set("character_classes", []any{yaml.MapOf("class", class)})
	return moved, randomStringType.Properties
}

// randomData is the key of Context.Data that holds the text.
const randomData = "value"

// A pool is a set of characters of which at least min occur.
type pool struct {
	characters []rune
	min        int
}

func pools(p resource.Values) []pool {
	var out []pool
	if class := p.String("sequence"); class != "" {
		return []pool{{[]rune(characterClasses[class]), 1}}
	}
	for _, s := range p.Subs("character_sequences") {
		out = append(out, pool{[]rune(s.String("sequence")), s.Int("min")})
	}
	for _, s := range p.Subs("character_classes") {
		out = append(out, pool{[]rune(characterClasses[s.String("class")]), s.Int("min")})
	}
	return out
}

func (randomString) Validate(_ context.Context, c *resource.Context) error {
	if schema.HasUnknown(c.Properties.Map()) {
		return nil
	}
	least, all := 0, pools(c.Properties)
	for _, p := range all {
		least += p.min
		if len(p.characters) == 0 {
			return core.StackValidationFailed("There are no characters to make the random text of %s from.", c.Name)
		}
	}
	if least > c.Properties.Int("length") {
		return core.StackValidationFailed("Length property cannot be smaller than combined character class and character sequence minimums")
	}
	return nil
}

func (randomString) Create(_ context.Context, c *resource.Context) error {
	all := pools(c.Properties)
	if len(all) == 0 {
		all = []pool{{[]rune(characterClasses["lettersdigits"]), 1}}
	}
	c.Data[randomData] = randomText(all, c.Properties.Int("length"))
	c.PhysicalID = c.PhysicalName(0)
	return nil
}

// randomText draws the least number from each pool, fills up from all, and shuffles. The
// generator is seeded by the system and fit for secrets.
func randomText(pools []pool, length int) string {
	var seed [32]byte
	crand.Read(seed[:])
	r := rand.New(rand.NewChaCha8(seed))
	text := make([]rune, 0, length)
	draw := func(p pool) { text = append(text, p.characters[r.IntN(len(p.characters))]) }
	for _, p := range pools {
		for range p.min {
			draw(p)
		}
	}
	for len(text) < length {
		draw(pools[r.IntN(len(pools))])
	}
	r.Shuffle(len(text), func(i, j int) { text[i], text[j] = text[j], text[i] })
	return string(text)
}

func (randomString) Delete(context.Context, *resource.Context) error { return nil }

func (randomString) Attribute(_ context.Context, c *resource.Context, _ string) (any, error) {
	if v, ok := c.Data[randomData]; ok {
		return v, nil
	}
	return nil, nil
}

func (randomString) ReferenceID(c *resource.Context) any {
	if c.PhysicalID == "" {
		return c.Name
	}
	if v, ok := c.Data[randomData]; ok {
		return v
	}
	return nil
}
