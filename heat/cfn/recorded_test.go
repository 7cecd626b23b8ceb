package cfn_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/core/httpapi/exchangetest"
	"hearth/core/httpapi/recordedtest"
)

// The recorder's project and stack.
const (
	recordedProject = "4504e19cb71d42129ef5b104e9bf7618"
	recordedStack   = "cfn256aa0"
)

// meant are the differences from the record, with their lines in docs/deviations.md.
var meant = map[string]recordedtest.Difference{
	"005-list":                             {Places: []string{""}, Why: "the recorder's project was in use"},
	"006-list-json":                        {Places: []string{"/ListStacksResponse"}, Why: "the recorder's project was in use"},
	"011-create":                           {Places: []string{"status", ""}, Why: "Keystone refused the recorder's Heat a trust"},
	"022-events":                           {Places: []string{"status", "header content-type", ""}, Why: "the recorder's server hung up"},
	"025-wait-condition-signal-bad-status": {Places: []string{"status", ""}, Why: "a user's mistake is 400"},
}

// TestRecordedExchanges replays what Heat 19.0.0's CloudFormation API was asked, signed by a
// credential of the simulated cloud.
func TestRecordedExchanges(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	p := &recordedtest.Replay{T: t, Folder: "testdata/recorded", Deviations: "../../docs/deviations.md", Prepare: s.prepare, Known: meant,
		Ids: map[string]string{"http://127.0.0.1:8000": s.api.URL + "/cfn"},
		Masks: []exchangetest.Mask{
			{Pattern: regexp.MustCompile(regexp.QuoteMeta(s.api.URL + "/cfn")), With: "http://HOST"},
			{Pattern: regexp.MustCompile(`<OutputValue>\w{9}</OutputValue>`), With: "<OutputValue>RANDOM</OutputValue>"},
			{Pattern: regexp.MustCompile(`(?s)\nTraceback \(most recent call last\):.*</Message>`), With: "</Message>"}, // Heat's messages end with one
		}}
	p.Run()
}

// prepare waits until no stack has anything to do, and signs the request anew.
func (s *signer) prepare(r *recordedtest.Request) {
	s.t.Helper()
	recordedtest.Until(s.t, s.ask("ListStacks"), func(list []byte) bool { return !strings.Contains(string(list), "_IN_PROGRESS") })
	if strings.Contains(r.URL, "/waitcondition/") {
		r.URL = s.handle()
		if strings.HasSuffix(r.ID, "-tampered") {
			r.URL = strings.Replace(r.URL, "Signature=", "Signature=x", 1)
		}
		return
	}
	address, query, _ := strings.Cut(r.URL, "?")
	if r.Body != "" {
		query = r.Body
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		s.t.Fatal(err)
	}
	if !params.Has("Signature") {
		return
	}
	params.Del("Signature")
	params.Set("AWSAccessKeyId", s.cred.Access)
	signed := &request{method: r.Method, secret: s.cred.Secret, at: time.Now().UTC(), params: params, extra: url.Values{}}
	if strings.HasSuffix(r.ID, "-bad-signature") {
		signed.secret = "wrong"
	}
	s.sign(signed)
	if r.Body != "" {
		r.Body = signed.all().Encode()
		return
	}
	r.URL = address + "?" + quoted(signed.all())
}

// ask asks for something about all stacks, or that of the record.
func (s *signer) ask(action string) func() []byte {
	return func() []byte {
		r := s.request(http.MethodGet)
		r.params = url.Values{"Action": {action}, "ContentType": {"JSON"}, "AWSAccessKeyId": {s.cred.Access}}
		if action != "ListStacks" {
			r.params.Set("StackName", recordedStack)
		}
		_, body := s.version2(r)
		return []byte(body)
	}
}

// handle is the address of the wait condition's handle, an output of the stack.
func (s *signer) handle() string {
	s.t.Helper()
	var answer struct {
		DescribeStacksResponse struct {
			DescribeStacksResult struct {
				Stacks []struct {
					Outputs []struct{ OutputKey, OutputValue string }
				}
			}
		}
	}
	body := s.ask("DescribeStacks")()
	if err := json.Unmarshal(body, &answer); err != nil {
		s.t.Fatal(err, string(body))
	}
	for _, stack := range answer.DescribeStacksResponse.DescribeStacksResult.Stacks {
		for _, o := range stack.Outputs {
			if o.OutputKey == "url" {
				return o.OutputValue
			}
		}
	}
	s.t.Fatal("no address: ", string(body))
	return ""
}
