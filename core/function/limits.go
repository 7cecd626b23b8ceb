package function

import (
	"fmt"

	"hearth/core/yaml"
)

// What one function may yield at most: a short template can name a long parameter often.
const (
	maxItems = 1_000_000 // values, those within lists and maps counted
	maxText  = 16 << 20  // bytes
)

func checkItems(c *Call, n int) error {
	if n > maxItems {
		return fmt.Errorf("%q would yield more than %d values", c.Name, maxItems)
	}
	return nil
}

func checkText(c *Call, n int) error {
	if n > maxText {
		return fmt.Errorf("%q would yield a text of more than %d bytes", c.Name, maxText)
	}
	return nil
}

// count is how many values v is made of.
func count(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			n += count(x)
		}
	case *yaml.Map:
		for _, x := range v.All() {
			n += count(x)
		}
	}
	return n
}
