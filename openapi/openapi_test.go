package openapi_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/policy"
	v1 "hearth/heat/v1"
	murano "hearth/murano/api"
	"hearth/openapi"
)

var update = flag.Bool("update", false, "write the documents anew")

// apis are the product APIs by the files of their documents, without anything behind them.
func apis(t *testing.T) map[string]*httpapi.API {
	t.Helper()
	authenticate := func(context.Context, string) (*core.Caller, error) { return nil, nil }
	heat, err := v1.New(v1.Config{Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := policy.New(nil, murano.Policies)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*httpapi.API{
		"heat-v1.yaml":   heat.API,
		"murano-v1.yaml": murano.New(murano.Config{Rules: rules, Authenticate: authenticate}),
	}
}

func TestTheReviewedDocumentsAreFresh(t *testing.T) {
	for file, api := range apis(t) {
		made := openapi.Document(api)
		if *update {
			if err := os.WriteFile(file, made, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if reviewed, err := os.ReadFile(file); err != nil || !bytes.Equal(reviewed, made) {
			t.Errorf("%s is stale: run this test with -update and review it (%v)", file, err)
		}
	}
}

func TestEveryDocumentIsValidAndWhole(t *testing.T) {
	for file, api := range apis(t) {
		t.Run(file, func(t *testing.T) {
			doc, err := openapi3.NewLoader().LoadFromData(openapi.Document(api))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Validate(t.Context()); err != nil {
				t.Error(err)
			}
			n := 0
			for path, item := range doc.Paths.Map() {
				for method, op := range item.Operations() {
					n++
					check(t, method+" "+path, op)
				}
			}
			if n != len(api.Operations()) {
				t.Errorf("%d operations are documented, %d are routed", n, len(api.Operations()))
			}
		})
	}
}

// check wants a summary, a name, and a schema or an example for success and for errors.
func check(t *testing.T, name string, op *openapi3.Operation) {
	t.Helper()
	if op.Summary == "" || op.OperationID == "" || len(op.Tags) == 0 {
		t.Errorf("%s: summary %q, id %q, tags %v", name, op.Summary, op.OperationID, op.Tags)
	}
	succeeds, fails := false, false
	for code, ref := range op.Responses.Map() {
		status, err := strconv.Atoi(code)
		if err != nil {
			t.Errorf("%s: response %q", name, code)
			continue
		}
		succeeds = succeeds || status < 400
		fails = fails || status >= 400
		shown := status == 204
		for _, media := range ref.Value.Content {
			shown = shown || media.Schema != nil || media.Example != nil
		}
		if !shown {
			t.Errorf("%s: %d has neither a schema nor an example", name, status)
		}
	}
	if !succeeds || !fails {
		t.Errorf("%s: documents success: %v, errors: %v", name, succeeds, fails)
	}
	if op.RequestBody != nil {
		for t2, media := range op.RequestBody.Value.Content {
			if media.Schema == nil {
				t.Errorf("%s: no schema for a body of %s", name, t2)
			}
		}
	}
}
