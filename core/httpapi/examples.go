package httpapi

import (
	"encoding/json"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Examples are exchanges for the document of an API, as a file holds them in JSON. Package
// exchangetest makes the file of the exchanges that tests hold the API to.
type Examples struct {
	Operations map[string][]Example `json:"operations"` // by id
	Faults     map[string]Example   `json:"faults"`     // by status; of the API's own errors
}

// Example is a request and its answer.
type Example struct {
	// Name tells it from the others of its operation; "" for a sole one.
	Name string `json:"name,omitempty"`
	// Request is the body, of the type RequestType; null for none.
	Request     json.RawMessage `json:"request,omitempty"`
	RequestType string          `json:"request_type,omitempty"`
	Status      int             `json:"status"`
	// Answer is the body, of the type Type: JSON, or a text.
	Answer json.RawMessage `json:"answer,omitempty"`
	Type   string          `json:"type,omitempty"`
}

// readExamples reads Config.Examples; it panics when that is no such JSON: a mistake that any
// start finds.
func readExamples(file []byte) (out Examples) {
	if len(file) == 0 {
		return out
	}
	if err := json.Unmarshal(file, &out); err != nil {
		panic("httpapi: examples: " + err.Error())
	}
	return out
}

// illustrate adds the examples of an operation.
func (a *API) illustrate(op *huma.Operation) {
	for _, x := range a.examples.Operations[op.OperationID] {
		if op.RequestBody != nil {
			x.show(op.RequestBody.Content[x.RequestType], x.Request)
		}
		if r := op.Responses[strconv.Itoa(x.Status)]; r != nil {
			x.show(r.Content[x.Type], x.Answer)
		}
	}
}

func (x *Example) show(at *huma.MediaType, body json.RawMessage) {
	switch {
	case at == nil || body == nil:
	case x.Name == "":
		at.Example = body
	default:
		if at.Examples == nil {
			at.Examples = map[string]*huma.Example{}
		}
		at.Examples[x.Name] = &huma.Example{Value: body}
	}
}
