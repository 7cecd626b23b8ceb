package neutron

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/resource"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

// site is a lab with a network inside and one outside.
type site struct {
	*resourcetest.Lab
	t *testing.T
}

func newSite(t *testing.T) site { return site{resourcetest.New(t), t} }

// resource makes a resource that is not created yet.
func (s site) resource(typ, name string, properties ...any) *resourcetest.Resource {
	s.t.Helper()
	return s.Resource(Types, "OS::Neutron::"+typ, name, properties...)
}

func (s site) created(typ, name string, properties ...any) *resourcetest.Resource {
	s.t.Helper()
	return s.Created(Types, "OS::Neutron::"+typ, name, properties...)
}

// outside is an external network with a subnet, which the administrator made.
func (s site) outside() *resourcetest.Resource {
	s.t.Helper()
	net := s.resource("ProviderNet", "outside", "name", "outside", "network_type", "flat", "physical_network", "datacentre", "router_external", true)
	net.Cloud = s.Admin
	ok(s.t, net.Create())
	subnet := s.resource("Subnet", "outside_subnet", "network", net.PhysicalID, "cidr", "203.0.113.0/24")
	subnet.Cloud = s.Admin
	ok(s.t, subnet.Create())
	return net
}

// inside is a network of the project with the subnet 10.0.0.0/24.
func (s site) inside() (net, subnet *resourcetest.Resource) {
	s.t.Helper()
	net = s.created("Net", "net", "name", "inside")
	return net, s.created("Subnet", "subnet", "name", "inside", "network", "inside", "cidr", "10.0.0.0/24")
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(plain(want), plain(got)); d != "" {
		t.Errorf("%s: -want +got\n%s", what, d)
	}
}

// plain makes values of answers comparable with Go's own.
func plain(v any) any {
	switch v := v.(type) {
	case *yaml.Map:
		out := map[string]any{}
		for k, x := range v.All() {
			out[k] = plain(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plain(x)
		}
		return out
	case []string:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = x
		}
		return out
	case int:
		return int64(v)
	}
	return v
}

// now reads an object as Neutron has it.
func now(t *testing.T, n noun, r *resourcetest.Resource) resource.Values {
	t.Helper()
	o, err := n.show(t.Context(), r.Context, r.PhysicalID)
	ok(t, err)
	return o
}

// A process may die between the answer of Neutron and the commit: every type finds what
// it made, by the mark or by the name that the user gave, and nothing once it is gone.
// Deleting what has gone is success.
func TestWhatAnInterruptedCreateMadeIsFound(t *testing.T) {
	s := newSite(t)
	out := s.outside()
	net, subnet := s.inside()
	router := s.created("Router", "router", "external_gateway_info", yaml.MapOf("network", "outside"))
	s.created("RouterInterface", "wired", "router", router.PhysicalID, "subnet", subnet.PhysicalID)
	port := s.created("Port", "port", "network", "inside")
	group := s.created("SecurityGroup", "group")
	floating := s.created("FloatingIP", "floating", "floating_network", "outside")
	bare := s.created("Router", "bare")
	free := s.created("Subnet", "free", "network", net.PhysicalID, "cidr", "10.0.9.0/24")
	second := s.created("Subnet", "second", "network", net.PhysicalID, "cidr", "10.0.8.0/24")
	plug := s.created("Port", "plug", "network", net.PhysicalID, "fixed_ips", []any{yaml.MapOf("subnet", free.PhysicalID)})

	for name, r := range map[string]*resourcetest.Resource{
		"net":         s.resource("Net", "a"),
		"named net":   s.resource("Net", "a", "name", "mine", "value_specs", yaml.MapOf("description", "for me")),
		"subnet":      s.resource("Subnet", "a", "network", net.PhysicalID, "cidr", "10.0.1.0/24"),
		"port":        s.resource("Port", "a", "network", net.PhysicalID),
		"router":      s.resource("Router", "a"),
		"interface":   s.resource("RouterInterface", "a", "router", bare.PhysicalID, "subnet", second.PhysicalID),
		"on a port":   s.resource("RouterInterface", "a", "router", bare.PhysicalID, "port", plug.PhysicalID),
		"gateway":     s.resource("RouterGateway", "a", "router_id", bare.PhysicalID, "network", out.PhysicalID),
		"group":       s.resource("SecurityGroup", "a", "name", "web", "description", "web servers"),
		"nameless":    s.resource("SecurityGroup", "a", "description", "web servers"),
		"rule":        s.resource("SecurityGroupRule", "a", "security_group", group.PhysicalID, "protocol", "udp", "remote_ip_prefix", "10.1.2.3/8"),
		"floating IP": s.resource("FloatingIP", "a", "floating_network", "outside"),
		"association": s.resource("FloatingIPAssociation", "a", "floatingip_id", floating.PhysicalID, "port_id", port.PhysicalID),
	} {
		t.Run(name, func(t *testing.T) {
			r.Started = time.Now()
			if found, err := r.Find(); found || err != nil {
				t.Fatalf("before it is made: %v, %v", found, err)
			}
			ok(t, r.Create())
			id := r.PhysicalID
			r.Restart()
			if found, err := r.Find(); !found || err != nil || r.PhysicalID != id {
				t.Fatalf("got %v %q %v, want %q", found, r.PhysicalID, err, id)
			}
			ok(t, r.Continue())
			data := r.Data
			ok(t, r.Delete())
			if found, err := r.Find(); found || err != nil {
				t.Fatalf("once it is gone: %v, %v", found, err)
			}
			r.PhysicalID, r.Data = id, data
			ok(t, r.Delete())
		})
	}
}

// A Delete without a physical id has nothing to do.
func TestDeleteOfWhatWasNeverMade(t *testing.T) {
	for _, typ := range Types {
		c := &resource.Context{Data: map[string]string{}}
		ok(t, typ.New().Delete(t.Context(), c))
	}
}

// What is in use is asked to go again and again, each time a little later, until the
// stack's time is up.
func TestDeleteWaitsForWhatIsInUse(t *testing.T) {
	s := newSite(t)
	clock := time.Now()
	s.Now = func() time.Time { return clock }
	net, _ := s.inside()
	port := s.created("Port", "port", "network", net.PhysicalID)

	waiter := net.Behaviour.(resource.DeleteWaiter)
	net.Started = clock
	ok(t, net.Behaviour.Delete(t.Context(), net.Context))
	first, err := waiter.DeleteComplete(t.Context(), net.Context)
	ok(t, err)
	clock = clock.Add(20 * time.Second)
	second, err := waiter.DeleteComplete(t.Context(), net.Context)
	ok(t, err)
	if first.Done || second.Done || first.After <= 0 || second.After <= first.After {
		t.Errorf("got %+v, then %+v", first, second)
	}

	clock = clock.Add(time.Hour)
	_, err = waiter.DeleteComplete(t.Context(), net.Context)
	if core.ErrorCode(err) != core.Conflict || !strings.Contains(err.Error(), "still in use") {
		t.Errorf("after an hour: %v", err)
	}

	ok(t, port.Delete())
	net.Started = clock
	ok(t, net.Delete())
	left, err := networks.list(t.Context(), net.Context, url.Values{"name": {"inside"}})
	ok(t, err)
	if len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestStatusOfWhatIsBuilt(t *testing.T) {
	c := &resource.Context{Now: time.Now, Started: time.Now()}
	for status, want := range map[string]string{
		"ACTIVE": "", "DOWN": "", "BUILD": "again",
		"ERROR":    `Went to status ERROR due to "Unknown"`,
		"DEGRADED": `Went to status DEGRADED due to "Unknown"`,
		"ODD":      `Resource is not built - Unknown status ODD due to "Unknown"`,
	} {
		p, err := built(c, resource.NewValues(yaml.MapOf("status", status)))
		got := ""
		switch {
		case err != nil:
			got = err.Error()
		case !p.Done && p.After > 0:
			got = "again"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", status, got, want)
		}
	}
}

// An answer that got lost is no object that got lost.
func TestCreateWhoseAnswerIsLost(t *testing.T) {
	s := newSite(t)
	for typ, operation := range map[string]string{"Net": "network.create", "Router": "router.create", "SecurityGroup": "security_group.create"} {
		remove := s.Sim.Inject(simcloud.Fault{Service: "network", Operation: operation, Nth: 1, AfterEffect: true})
		r := s.resource(typ, "lost")
		if err := r.Create(); err == nil || r.PhysicalID != "" {
			t.Errorf("%s: the fault did not hit: %v", typ, err)
		}
		remove()
		if found, err := r.Find(); !found || err != nil {
			t.Errorf("%s: %v %v", typ, found, err)
		}
		ok(t, r.Continue())
	}
}
