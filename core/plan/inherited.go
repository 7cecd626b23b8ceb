package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"hearth/core/yaml"
)

// inherited is a digest of what nested stacks take over from this one whatever their
// resource says: parameter defaults, the registry, the files.
func (t *Target) inherited() string {
	if t.below != "" {
		return t.below
	}
	h := sha256.New()
	for _, m := range []*yaml.Map{t.Environment.ParameterDefaults, t.Environment.Registry.Map()} {
		if m.Len() > 0 {
			fmt.Fprintf(h, "%s\x00", yaml.Dumps(m, true))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Files)) {
		fmt.Fprintf(h, "%q %q\x00", name, t.Files[name])
	}
	t.below = hex.EncodeToString(h.Sum(nil))
	return t.below
}
