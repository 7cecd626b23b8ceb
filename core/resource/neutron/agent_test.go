package neutron

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hearth/core"
	"hearth/core/cloud"
)

// scheduler answers for the parts of Neutron that the simulated cloud leaves out: which
// agents serve a network or router, and the segments of a network.
type scheduler struct {
	hosted map[string][]string // agents by network or router
	calls  []string
}

func (a *scheduler) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	mux := http.NewServeMux()
	for _, sort := range []struct{ at, agents, objects, key string }{
		{"networks", "dhcp-agents", "dhcp-networks", "network_id"}, {"routers", "l3-agents", "l3-routers", "router_id"},
	} {
		mux.HandleFunc("GET /network/v2.0/"+sort.at+"/{id}/"+sort.agents, func(w http.ResponseWriter, r *http.Request) {
			agents := []map[string]string{}
			for _, id := range a.hosted[r.PathValue("id")] {
				agents = append(agents, map[string]string{"id": id})
			}
			json.NewEncoder(w).Encode(map[string]any{"agents": agents})
		})
		mux.HandleFunc("POST /network/v2.0/agents/{agent}/"+sort.objects, func(w http.ResponseWriter, r *http.Request) {
			var body map[string]string
			json.NewDecoder(r.Body).Decode(&body)
			agent, id := r.PathValue("agent"), body[sort.key]
			a.calls = append(a.calls, "add "+agent)
			if agent == "late" {
				w.WriteHeader(http.StatusConflict)
				return
			}
			a.hosted[id] = append(a.hosted[id], agent)
			w.WriteHeader(http.StatusCreated)
			w.Write([]byte("null"))
		})
		mux.HandleFunc("DELETE /network/v2.0/agents/{agent}/"+sort.objects+"/{id}", func(w http.ResponseWriter, r *http.Request) {
			agent, id := r.PathValue("agent"), r.PathValue("id")
			a.calls = append(a.calls, "remove "+agent)
			a.hosted[id] = slices.DeleteFunc(a.hosted[id], func(s string) bool { return s == agent })
			w.WriteHeader(http.StatusNoContent)
		})
	}
	mux.HandleFunc("GET /network/v2.0/segments", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"segments": []any{
			map[string]any{"id": "2", "name": "named", "network_id": r.URL.Query().Get("network_id")},
			map[string]any{"id": "1", "name": nil, "network_id": r.URL.Query().Get("network_id")},
		}})
	})
	if _, pattern := mux.Handler(r); pattern == "" {
		return http.DefaultTransport.RoundTrip(r)
	}
	mux.ServeHTTP(w, r)
	return w.Result(), nil
}

// scheduled is a client of the administrator that reaches the scheduler as well.
func (s site) scheduled() (*cloud.Client, *scheduler) {
	s.t.Helper()
	a := &scheduler{hosted: map[string][]string{}}
	c := cloud.New(cloud.Config{AuthURL: s.URL, HTTP: &http.Client{Transport: a}})
	s.t.Cleanup(c.Close)
	client, err := c.Client(s.t.Context(), core.Credentials{Token: s.Token("admin")})
	ok(s.t, err)
	return client, a
}

func TestNetAgentsAndSegments(t *testing.T) {
	s := newSite(t)
	net := s.resource("Net", "net", "dhcp_agent_ids", []any{"one", "two"})
	var a *scheduler
	net.Cloud, a = s.scheduled()
	ok(t, net.Create())
	equal(t, "agents", a.hosted[net.PhysicalID], []string{"one", "two"})
	ok(t, net.Update("dhcp_agent_ids", []any{"two", "three", "late"}))
	equal(t, "agents", a.hosted[net.PhysicalID], []string{"two", "three"})
	ok(t, net.Update())
	equal(t, "agents", len(a.hosted[net.PhysicalID]), 0)
	equal(t, "calls", strings.Join(a.calls, ", "), "add one, add two, remove one, add three, add late, remove two, remove three")
	equal(t, "segments", net.Attribute("segments"), []any{
		map[string]any{"id": "1", "name": nil, "network_id": net.PhysicalID},
		map[string]any{"id": "2", "name": "named", "network_id": net.PhysicalID},
	})
}

func TestRouterAgents(t *testing.T) {
	s := newSite(t)
	router := s.resource("Router", "router", "l3_agent_id", "one")
	var a *scheduler
	router.Cloud, a = s.scheduled()
	ok(t, router.Create())
	equal(t, "agents", a.hosted[router.PhysicalID], []string{"one"})
	ok(t, router.Update("l3_agent_ids", []any{"one"}))
	ok(t, router.Update("l3_agent_ids", []any{"two"}))
	equal(t, "agents", a.hosted[router.PhysicalID], []string{"two"})
	equal(t, "calls", strings.Join(a.calls, ", "), "add one, remove one, add two")
}
