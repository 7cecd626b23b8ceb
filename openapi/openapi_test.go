package openapi_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/httpapi/exchangetest"
	"hearth/core/policy"
	"hearth/heat/cfn"
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
	cloudFormation, err := cfn.New(cfn.Config{Authenticate: authenticate})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := policy.New(nil, murano.Policies)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*httpapi.API{
		"heat-v1.yaml":   heat.API,
		"heat-cfn.yaml":  cloudFormation.API,
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
			// kin-openapi holds examples to 3.0, where what has any value is never null.
			if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
				t.Error(err)
			}
			documented := map[string]bool{}
			for path, item := range doc.Paths.Map() {
				for method, op := range item.Operations() {
					documented[op.OperationID] = true
					check(t, method+" "+path, op)
				}
			}
			for _, op := range api.Operations() {
				if !documented[op.ID] {
					t.Errorf("%s %s is not documented", op.Method, op.Path)
				}
			}
		})
	}
}

// check wants a summary, a name, and a schema or an example of each body of success and of
// errors.
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
		shown := len(ref.Value.Content) == 0
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

// Every example is as its schema says; what has none is listed here.
func TestExamples(t *testing.T) {
	for file, api := range apis(t) {
		t.Run(file, func(t *testing.T) {
			d, err := exchangetest.ReadDocument(api.JSON())
			if err != nil {
				t.Fatal(err)
			}
			wrong, bare := d.Illustrated()
			for _, err := range wrong {
				t.Error(err)
			}
			if d := cmp.Diff(withoutExample[file], bare); d != "" {
				t.Error(d)
			}
		})
	}
}

// withoutExample are the bodies that have none: tests of their own hold what differs with
// each run, the hosts and times of engines and the signatures of addresses, and what is no
// text.
var withoutExample = map[string][]string{
	"heat-v1.yaml": {"GET /{tenant_id}/services 200"},
	"murano-v1.yaml": {
		"GET /catalog/packages/{package_id}/download 200", "GET /catalog/packages/{package_id}/logo 200",
		"GET /catalog/packages/{package_id}/supplier_logo 200", "POST /catalog/packages",
	},
	"heat-cfn.yaml": {"POST /signal/{arn}", "PUT /waitcondition/{arn}", "PUT /waitcondition/{arn} 200"},
}
