package v1

import (
	"context"
	"encoding/json"

	"hearth/core"
	"hearth/core/httpapi"
)

type outputList struct {
	Body struct {
		Outputs []outputName `json:"outputs"`
	}
}

type outputName struct {
	OutputKey   string `json:"output_key"`
	Description string `json:"description"`
}

func (a *API) listOutputs(ctx context.Context, in *StackRef) (*outputList, error) {
	outputs, err := a.outputs(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &outputList{}
	out.Body.Outputs = make([]outputName, len(outputs))
	for i, o := range outputs {
		out.Body.Outputs[i] = outputName{o.Key, o.Description}
	}
	return out, nil
}

type shownOutput struct {
	Body struct {
		Output shaped[output] `json:"output"`
	}
}

func (a *API) showOutput(ctx context.Context, in *struct {
	StackRef
	Key string `path:"output_key"`
}) (*shownOutput, error) {
	outputs, err := a.outputs(ctx, &in.StackRef)
	if err != nil {
		return nil, err
	}
	for i := range outputs {
		if outputs[i].Key == in.Key {
			out := &shownOutput{}
			out.Body.Output, err = json.Marshal(&outputs[i])
			return out, err
		}
	}
	return nil, core.Errorf(core.NotFound, "NotFound", "Specified output key %s not found.", in.Key)
}

func (a *API) outputs(ctx context.Context, in *StackRef) ([]core.Output, error) {
	stack, err := a.engine.Show(ctx, httpapi.CallerFrom(ctx), in.ref())
	if err != nil {
		return nil, err
	}
	return a.engine.Walker.LiveOutputs(ctx, stack)
}
