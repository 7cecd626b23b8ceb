package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// With a credential of the openstack client, a request to the catalogue's cloudformation
// address and to the one below the common address of all APIs is answered when it is signed.
func TestCloudFormationByCatalogue(t *testing.T) {
	s := newSite(t)
	s.serve()
	cred := s.show("ec2", "credentials", "create")
	address := s.cloud["cloudformation"]
	if !strings.HasSuffix(address, "/v1") {
		t.Fatalf("the catalogue has %q", address)
	}
	get := func(address, secret string) (int, string) {
		t.Helper()
		u, err := url.Parse(address + "/")
		if err != nil {
			t.Fatal(err)
		}
		q := url.Values{"Action": {"ListStacks"}, "AWSAccessKeyId": {cred["access"].(string)}, "SignatureVersion": {"2"}, "SignatureMethod": {"HmacSHA256"},
			"Timestamp": {time.Now().UTC().Format(time.RFC3339)}}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte("GET\n" + u.Host + "\n" + u.Path + "\n" + q.Encode()))
		q.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		u.RawQuery = q.Encode()
		resp, err := http.Get(u.String())
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
	below := fmt.Sprintf("http://127.0.0.1:%d/cfn/v1", 8080+s.offset)
	for _, at := range []string{address, below} {
		if status, body := get(at, cred["secret"].(string)); status != http.StatusOK || !strings.HasPrefix(body, "<ListStacksResponse>") {
			t.Errorf("%s: %d %s", at, status, body)
		}
		if status, body := get(at, "another"); status != http.StatusForbidden || !strings.Contains(body, "<Code>AccessDenied<") {
			t.Errorf("%s, a forged signature: %d %s", at, status, body)
		}
	}
}
