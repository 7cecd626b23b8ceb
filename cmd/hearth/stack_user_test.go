package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestStackUsers is what software in servers does with what its stack gives it, through the
// real program: a presigned address, an access key, an account.
func TestStackUsers(t *testing.T) {
	s := newSite(t)
	s.serve()
	resources := map[string]any{
		"handle": map[string]any{"type": "AWS::CloudFormation::WaitConditionHandle"},
		"server": map[string]any{"type": "OS::Heat::DeployedServer", "metadata": map[string]any{"mine": "yes"}},
		"other":  map[string]any{"type": "OS::Heat::DeployedServer"},
		"config": map[string]any{"type": "OS::Heat::SoftwareConfig", "properties": map[string]any{"config": "x"}},
	}
	template := map[string]any{"heat_template_version": "2021-04-16", "resources": resources, "outputs": map[string]any{
		"address": map[string]any{"value": map[string]any{"get_resource": "handle"}},
		"agent":   map[string]any{"value": map[string]any{"get_attr": []string{"server", "os_collect_config"}}},
		"server":  map[string]any{"value": map[string]any{"get_resource": "server"}},
	}}
	path := s.createStack("s", template)
	s.awaitStack(path, "CREATE_COMPLETE")
	address := s.outputOf(path, "address").(string)
	if !strings.HasPrefix(address, s.cloud["cloudformation"]+"/waitcondition/arn%3Aopenstack%3Aheat%3A%3A") {
		t.Fatal(address)
	}
	resources["wait"] = map[string]any{"type": "AWS::CloudFormation::WaitCondition", "properties": map[string]any{
		"Handle": map[string]any{"get_resource": "handle"}, "Timeout": 600}}
	resources["dep"] = map[string]any{"type": "OS::Heat::SoftwareDeployment", "properties": map[string]any{
		"config": map[string]any{"get_resource": "config"}, "server": map[string]any{"get_resource": "server"}, "signal_transport": "HEAT_SIGNAL"}}
	s.must("PUT", s.heat+path, map[string]any{"template": template, "disable_rollback": true}, nil)

	for at, want := range map[string]int{strings.Replace(address, "Signature=", "Signature=x", 1): 403, address: 200} {
		if status, body := put(t, at, `{"Status": "SUCCESS", "Reason": "up", "UniqueId": "1", "Data": ""}`); status != want {
			t.Errorf("PUT %s: %d %s", at, status, body)
		}
	}

	agent := s.outputOf(path, "agent").(map[string]any)["cfn"].(map[string]any)
	for _, tc := range []struct {
		name, secret string
		status       int
	}{{"server", "", 200}, {"other", "", 403}, {"server", "x", 403}} {
		secret := agent["secret_access_key"].(string) + tc.secret
		status, body := getSigned(t, agent["metadata_url"].(string), agent["access_key_id"].(string), secret,
			url.Values{"Action": {"DescribeStackResource"}, "StackName": {"s"}, "LogicalResourceId": {tc.name}})
		if status != tc.status || status == 200 && !strings.Contains(body, "mine") {
			t.Errorf("%s: %d %s", tc.name, status, body)
		}
	}

	inputs := s.deployed(s.outputOf(path, "server").(string))
	token := s.logInAs(inputs)
	if token == "" {
		t.Fatal("the account cannot log in: ", inputs["deploy_username"])
	}
	below := strings.TrimSuffix(s.heat, s.heat[strings.LastIndexByte(s.heat, '/'):]) + "/" + inputs["deploy_project_id"] + path
	users := *s
	users.token = token
	if status, _ := users.call("POST", below+"/resources/handle/signal", map[string]any{}, nil); status != 403 {
		t.Errorf("another resource: %d", status)
	}
	if status, _ := users.call("GET", below, nil, nil); status != 403 {
		t.Errorf("the stack: %d", status)
	}
	users.must("POST", below+"/resources/dep/signal", map[string]any{"deploy_status_code": 0}, nil)
	s.awaitStack(path, "UPDATE_COMPLETE")

	s.must("DELETE", s.heat+path, nil, nil)
	s.awaitStack(path, "DELETE_COMPLETE")
	if status, body := put(t, address, "{}"); status != 403 {
		t.Errorf("the handle is gone: %d %s", status, body)
	}
	if s.logInAs(inputs) != "" {
		t.Error("the account is still there")
	}
}

// outputOf is the value of an output.
func (s *site) outputOf(path, name string) any {
	s.t.Helper()
	var answer struct {
		Output struct {
			Value any `json:"output_value"`
		}
	}
	s.must("GET", s.heat+path+"/outputs/"+name, nil, &answer)
	return answer.Output.Value
}

// deployed waits for a deployment to the server and gives its inputs.
func (s *site) deployed(server string) map[string]string {
	s.t.Helper()
	inputs := map[string]string{}
	s.eventually("a deployment", func() error {
		var answer struct {
			Metadata []struct {
				Inputs []struct {
					Name  string
					Value any
				}
			}
		}
		if _, err := s.call("GET", s.heat+"/software_deployments/metadata/"+server, nil, &answer); err != nil {
			return err
		}
		if len(answer.Metadata) == 0 {
			return errors.New("there is none")
		}
		for _, in := range answer.Metadata[0].Inputs {
			inputs[in.Name] = fmt.Sprint(in.Value)
		}
		return nil
	})
	return inputs
}

// logInAs logs in with a deployment's account; "" when it is refused.
func (s *site) logInAs(inputs map[string]string) string {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"password"}, "password": map[string]any{
			"user": map[string]any{"id": inputs["deploy_user_id"], "password": inputs["deploy_password"]}}},
		"scope": map[string]any{"project": map[string]any{"id": inputs["deploy_project_id"]}}}})
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.Post(inputs["deploy_auth_url"]+"/auth/tokens", "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.Header.Get("X-Subject-Token")
}

// put sends what curl -X PUT --data-binary sends.
func put(t *testing.T, address, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return answerTo(t, req)
}

// getSigned signs a request in its header as Amazon's documents have it (version 4).
func getSigned(t *testing.T, address, access, secret string, parameters url.Values) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"?"+strings.ReplaceAll(parameters.Encode(), "+", "%20"), nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := func(text string) string {
		h := sha256.Sum256([]byte(text))
		return hex.EncodeToString(h[:])
	}
	mac := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	now := time.Now().UTC()
	day, stamp := now.Format("20060102"), now.Format("20060102T150405Z")
	scope := day + "/RegionOne/cloudformation/aws4_request"
	canonical := strings.Join([]string{"GET", req.URL.EscapedPath(), req.URL.RawQuery, "host:" + req.URL.Host, "x-amz-date:" + stamp, "", "host;x-amz-date", sum("")}, "\n")
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	signature := hex.EncodeToString(mac(key, "AWS4-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+sum(canonical)))
	req.Header.Set("X-Amz-Date", stamp)
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+access+"/"+scope+", SignedHeaders=host;x-amz-date, Signature="+signature)
	return answerTo(t, req)
}

func answerTo(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
