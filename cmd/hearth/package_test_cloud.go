package main

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/simcloud"
)

// testCloud is the simulated cloud that the tests of packages see. It begins when the first
// of them asks for it, and nothing of it is kept.
type testCloud struct {
	begin  sync.Once
	client *cloud.Client
	err    error
	ends   []func()
}

// open gives the client of the user demo.
func (t *testCloud) open(ctx context.Context) (*cloud.Client, error) {
	t.begin.Do(func() { t.client, t.err = t.start(context.WithoutCancel(ctx)) })
	return t.client, t.err
}

func (t *testCloud) start(ctx context.Context) (*cloud.Client, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t.ends = append(t.ends, func() { _ = listener.Close() })
	address, password := "http://"+listener.Addr().String(), rand.Text()
	sim, err := simcloud.New(ctx, simcloud.Options{BaseURL: address, AdminPassword: password})
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // until close
	c := cloud.New(cloud.Config{AuthURL: address + "/v3", Region: defaults["region"].(string), NoStandIn: true})
	t.ends = append(t.ends, func() { _ = sim.Close() }, func() { _ = server.Close() }, c.Close)
	identity := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: address + "/v3/"}
	token, err := tokens.Create(ctx, identity, &tokens.AuthOptions{
		Username: "demo", DomainName: "Default", Password: password, Scope: tokens.Scope{ProjectName: "demo", DomainName: "Default"},
	}).ExtractTokenID()
	if err != nil {
		return nil, err
	}
	return c.Client(ctx, core.Credentials{Token: token})
}

// close ends the cloud, if it has begun.
func (t *testCloud) close() {
	for _, end := range slices.Backward(t.ends) {
		end()
	}
}
