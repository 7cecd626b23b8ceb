package neutron

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

// rules are the rules of a group, one line each, and their ids.
func rules(t *testing.T, group *resourcetest.Resource) (lines []string, ids map[string]string) {
	t.Helper()
	found, err := securityRules.list(t.Context(), group.Context, url.Values{"security_group_id": {group.PhysicalID}})
	ok(t, err)
	ids = map[string]string{}
	for _, rule := range found {
		key := ruleKeyOf(rule.Get)
		remote := key.prefix
		if key.group != "" {
			remote = strings.Replace(key.group, group.PhysicalID, "self", 1)
		}
		line := strings.Join([]string{key.direction, key.ethertype, key.protocol, key.low, key.high, remote}, " ")
		lines, ids[line] = append(lines, line), rule.String("id")
	}
	slices.Sort(lines)
	return lines, ids
}

var everythingOut = []string{"egress IPv4    ", "egress IPv6    "}

func TestSecurityGroup(t *testing.T) {
	s := newSite(t)
	other := s.created("SecurityGroup", "other", "name", "other")
	lines, _ := rules(t, other)
	equal(t, "a new group", lines, everythingOut)

	web := yaml.MapOf("protocol", "tcp", "port_range_min", 80, "port_range_max", 80, "remote_ip_prefix", "0.0.0.0/0", "description", "the web")
	peers := yaml.MapOf("protocol", "6", "remote_mode", "remote_group_id")
	friends := yaml.MapOf("remote_mode", "remote_group_id", "remote_group_id", "other", "remote_ip_prefix", "10.0.0.0/8")
	group := s.created("SecurityGroup", "group", "name", "web", "description", "web servers", "rules", []any{web, peers, friends, web})
	made := now(t, securityGroups, group)
	equal(t, "name", made.Get("name"), "web")
	equal(t, "description", made.Get("description"), "web servers")
	lines, before := rules(t, group)
	if d := cmp.Diff(append(slices.Clone(everythingOut),
		"ingress IPv4    "+other.PhysicalID, "ingress IPv4 6   self", "ingress IPv4 tcp 80 80 0.0.0.0/0"), lines); d != "" {
		t.Error(d)
	}

	dns := yaml.MapOf("direction", "egress", "protocol", "udp", "port_range_min", 53, "port_range_max", 53)
	ping := yaml.MapOf("ethertype", "IPv6", "protocol", "icmp", "remote_ip_prefix", "fd00::1/64")
	ok(t, group.Update("name", "www", "rules", []any{web, dns, ping}))
	lines, after := rules(t, group)
	equal(t, "rules", lines, []string{"egress IPv4 udp 53 53 ", "ingress IPv4 tcp 80 80 0.0.0.0/0", "ingress IPv6 ipv6-icmp   fd00::/64"})
	equal(t, "a rule that stays", after["ingress IPv4 tcp 80 80 0.0.0.0/0"], before["ingress IPv4 tcp 80 80 0.0.0.0/0"])
	made = now(t, securityGroups, group)
	equal(t, "name", made.Get("name"), "www")
	equal(t, "description", made.Get("description"), "")

	ok(t, group.Update("name", "www"))
	lines, _ = rules(t, group)
	equal(t, "without rules", lines, everythingOut)

	ok(t, group.Delete())
	ok(t, other.Delete())
}

// A group that gives egress rules has no others, from the start.
func TestSecurityGroupWithEgressRules(t *testing.T) {
	s := newSite(t)
	group := s.created("SecurityGroup", "group", "rules", []any{yaml.MapOf("direction", "egress", "protocol", "tcp")})
	lines, _ := rules(t, group)
	equal(t, "rules", lines, []string{"egress IPv4 tcp   "})
}

// A group that Find has adopted gets the rules that the interrupted Create owed it.
func TestSecurityGroupAdoptedWithoutRules(t *testing.T) {
	s := newSite(t)
	group := s.resource("SecurityGroup", "group", "rules", []any{yaml.MapOf("protocol", "tcp")})
	group.Action = core.Create
	ok(t, group.Behaviour.Create(t.Context(), group.Context))
	group.Restart()
	if found, err := group.Find(); !found || err != nil {
		t.Fatal(found, err)
	}
	for range 2 {
		ok(t, group.Continue())
		lines, _ := rules(t, group)
		equal(t, "rules", lines, append(slices.Clone(everythingOut), "ingress IPv4 tcp   "))
	}
}

func TestSecurityGroupStateful(t *testing.T) {
	s := newSite(t)
	group := s.created("SecurityGroup", "group", "name", "web", "stateful", false)
	equal(t, "stateful", now(t, securityGroups, group).Get("stateful"), false)
	ok(t, group.Update("name", "web"))
	equal(t, "stateful", now(t, securityGroups, group).Get("stateful"), true)
	s.inside()
	port := s.created("Port", "port", "network", "inside", "security_groups", []any{"web"})
	err := group.Update("name", "web", "stateful", false)
	if err == nil || !strings.Contains(err.Error(), "Detach all ports from the security group and retry. is not supported.") {
		t.Errorf("with a port: %v", err)
	}
	ok(t, port.Delete())
	ok(t, group.Delete())
}

func TestSecurityGroupRule(t *testing.T) {
	s := newSite(t)
	group := s.created("SecurityGroup", "group", "name", "web")
	s.created("SecurityGroup", "other", "name", "other")
	rule := s.created("SecurityGroupRule", "rule", "security_group", "web", "port_range_min", 22, "port_range_max", 22, "remote_group", "other", "description", "ssh")
	made := now(t, securityRules, rule)
	equal(t, "group", made.Get("security_group_id"), group.PhysicalID)
	equal(t, "protocol", made.Get("protocol"), "tcp")
	equal(t, "description", made.Get("description"), "ssh")
	ok(t, rule.Delete())
	lines, _ := rules(t, group)
	equal(t, "rules", lines, everythingOut)
}

// oldNeutron is the simulated cloud without stateless security groups.
type oldNeutron struct{}

func (oldNeutron) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/extensions/stateful-security-group") {
		w := httptest.NewRecorder()
		http.NotFound(w, r)
		return w.Result(), nil
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestSecurityGroupWhereAllAreStateful(t *testing.T) {
	s := newSite(t)
	old := cloud.New(cloud.Config{AuthURL: s.URL, HTTP: &http.Client{Transport: oldNeutron{}}})
	t.Cleanup(old.Close)
	client, err := old.Client(t.Context(), core.Credentials{Token: s.Token("demo")})
	ok(t, err)

	stateful := s.resource("SecurityGroup", "group", "stateful", true)
	stateful.Cloud = client
	ok(t, stateful.Create())
	stateless := s.resource("SecurityGroup", "group", "stateful", false)
	v := stateless.Behaviour.(resource.Validator)
	ok(t, v.Validate(t.Context(), stateless.Context))
	stateless.Cloud = client
	if err := v.Validate(t.Context(), stateless.Context); err == nil || !strings.HasPrefix(err.Error(), "Neutron does not support stateless security groups") {
		t.Errorf("stateless: %v", err)
	}
}
