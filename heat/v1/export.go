package v1

import (
	"context"
	"errors"
	"fmt"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// exportStack and abandonStack go by the same switch (heat/engine/service.py abandon_stack).
func (a *API) exportStack(ctx context.Context, in *StackRef) (*jsonAnswer, error) {
	if !a.abandons {
		return nil, core.NotSupported("Stack Abandon")
	}
	return exported(a.engine.Export(ctx, httpapi.CallerFrom(ctx), in.ref()))
}

func (a *API) abandonStack(ctx context.Context, in *StackRef) (*jsonAnswer, error) {
	if !a.abandons {
		return nil, core.NotSupported("Stack Abandon")
	}
	return exported(a.engine.Abandon(ctx, httpapi.CallerFrom(ctx), in.ref()))
}

func exported(m *yaml.Map, err error) (*jsonAnswer, error) {
	if err != nil {
		return nil, err
	}
	b, err := yaml.EncodeJSON(m)
	if err != nil {
		return nil, err
	}
	return rawJSON(b), nil
}

// adoptData reads what a create request adopts, a text or an object; nil for nothing.
func adoptData(body *yaml.Map) (*yaml.Map, error) {
	given := field(body, "adopt_stack_data")
	if given == nil {
		return nil, nil
	}
	node, err := document(given)
	switch {
	case err != nil:
		err = fmt.Errorf("Error parsing template [root stack] %w", err)
	case node.Kind != yaml.Mapping:
		err = errors.New("The template is not a JSON object or YAML mapping.")
	case node.Get("template") == nil:
		err = errors.New("'template'")
	}
	if err != nil {
		return nil, badRequest("Invalid adopt data: %s", err)
	}
	data, _ := node.Plain().(*yaml.Map)
	return data, nil
}

// adoptedTemplate is the template of what is adopted.
func adoptedTemplate(data *yaml.Map) (*yaml.Node, error) {
	m, ok := field(data, "template").(*yaml.Map)
	if !ok {
		return nil, badRequest("Invalid adopt data: %s", "The template is not a JSON object or YAML mapping.")
	}
	return templateObject(m)
}
