package environment

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hearth/core/yaml"
	"hearth/core/yaql"
)

// readClassConfigs reads the files of a directory: the Config properties of the class that a
// file is named after, JSON before YAML (murano/packages/mpl_package.py, class_configs).
func readClassConfigs(dir string) (map[string]map[string]any, error) {
	out := map[string]map[string]any{}
	if dir == "" {
		return out, nil
	}
	for _, ext := range []string{".yaml", ".json"} {
		files, err := filepath.Glob(filepath.Join(dir, "*"+ext))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			properties, err := readClassConfig(file)
			if err != nil {
				return nil, fmt.Errorf("class configuration %s: %w", file, err)
			}
			out[strings.TrimSuffix(filepath.Base(file), ext)] = properties
		}
	}
	return out, nil
}

func readClassConfig(file string) (map[string]any, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	node, err := yaml.ParseYAML(raw, yaml.Options{MaxBytes: 1 << 20})
	if err != nil {
		return nil, err
	}
	m, ok := node.Plain().(*yaml.Map)
	if !ok {
		return nil, fmt.Errorf("it is a %s, not a mapping", yaml.TypeName(node.Plain()))
	}
	out := make(map[string]any, m.Len())
	for k, v := range m.All() {
		out[k] = yaql.Input(v)
	}
	return out, nil
}
