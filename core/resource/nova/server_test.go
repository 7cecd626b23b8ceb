package nova_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
	"hearth/core/yaml"
)

const (
	cirros = "cirros-0.6.2-x86_64-disk"
	debian = "debian-12-genericcloud-amd64"
)

// on are the properties of a small server, with more or others.
func on(more ...any) []any {
	return append([]any{"image", cirros, "flavor", "m1.tiny", "networks", []any{yaml.MapOf("network", "private")}}, more...)
}

// call asks a service of the lab's cloud as demo.
func call(t *testing.T, lab *resourcetest.Lab, service, method, path string, body any) resource.Values {
	t.Helper()
	client, err := lab.Client.Service(service)
	if err != nil {
		t.Fatal(err)
	}
	if service == "compute" {
		client = cloud.WithMicroversion(client, "2.42")
	}
	answer, err := cloud.Call(t.Context(), client, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return resource.NewValues(answer)
}

func ports(t *testing.T, lab *resourcetest.Lab, query string) []resource.Values {
	t.Helper()
	return call(t, lab, "network", http.MethodGet, "ports?"+query, nil).Subs("ports")
}

func TestServerLives(t *testing.T) {
	lab := resourcetest.NewSlow(t, 20*time.Millisecond)
	key := lab.Created(nova.Types, "OS::Nova::KeyPair", "k", "name", "mine")
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", on("key_name", key.Reference(), "tags", []any{"blue", "red"},
		"metadata", yaml.MapOf("role", "web", "sizes", []any{int64(1)}), "availability_zone", "nova", "config_drive", true)...)

	show, err := r.Behaviour.(resource.Shower).Show(t.Context(), r.Context)
	if err != nil {
		t.Fatal(err)
	}
	s := resource.NewValues(show.(*yaml.Map))
	for name, want := range map[string]any{"name": r.PhysicalName(53), "status": "ACTIVE", "key_name": "mine", "config_drive": "True", "description": r.Mark()} {
		if got := s.Get(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := yaml.Dumps(s.Get("metadata"), true); got != `{"role": "web", "sizes": "[1]"}` {
		t.Errorf("metadata %s", got)
	}
	if !slices.Equal(s.Strings("tags"), []string{"blue", "red"}) {
		t.Errorf("tags %v", s.Get("tags"))
	}
	if len(s.String("name")) > 53 {
		t.Errorf("name %q is too long", s.String("name"))
	}

	own := ports(t, lab, "device_id="+r.PhysicalID)
	if len(own) != 1 || own[0].String("name") != r.PhysicalName(53)+"-port-0" {
		t.Fatalf("ports %v", own)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if left := ports(t, lab, "name="+own[0].String("name")); len(left) > 0 {
		t.Errorf("the server's port is still there: %v", left)
	}
	if err := r.Check(); !cloud.NotFound(err) {
		t.Errorf("after delete: %v", err)
	}
}

func TestServerAttributes(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", on()...)
	port := ports(t, lab, "device_id="+r.PhysicalID)[0]
	ip := port.Subs("fixed_ips")[0].String("ip_address")
	network := port.String("network_id")

	if got := r.Attribute("first_address"); got != ip {
		t.Errorf("first_address %v", got)
	}
	if got, want := yaml.Dumps(r.Attribute("networks"), false), fmt.Sprintf(`{"private": [%q], %q: [%q]}`, ip, network, ip); got != want {
		t.Errorf("networks %s, want %s", got, want)
	}
	for _, key := range []string{"private", network} {
		a := resource.NewValues(r.Attribute("addresses").(*yaml.Map)).Subs(key)[0]
		if a.String("addr") != ip || a.String("port") != port.String("id") || a.Sub("network").String("id") != network || a.Subs("subnets")[0].String("name") != "private-subnet" {
			t.Errorf("addresses of %s: %v", key, a.Map())
		}
	}
	if got := r.Attribute("name"); got != r.PhysicalName(53) {
		t.Errorf("name %v", got)
	}
	if url := resource.NewValues(r.Attribute("console_urls").(*yaml.Map)).String("novnc"); !strings.HasPrefix(url, "http") {
		t.Errorf("console %q", url)
	}
	if r.Attribute("instance_name") != nil || r.Attribute("accessIPv4") != "" {
		t.Errorf("instance_name %v, accessIPv4 %v", r.Attribute("instance_name"), r.Attribute("accessIPv4"))
	}
}

func TestServerThatFailsToBuild(t *testing.T) {
	lab := resourcetest.New(t)
	lab.Sim.Inject(simcloud.Fault{Operation: "server.create", Become: "ERROR", Message: "No valid host was found."})
	r := lab.Resource(nova.Types, "OS::Nova::Server", "s", on()...)
	err := r.Create()
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Type != "ResourceInError" || e.Message != `Went to status ERROR due to "Message: No valid host was found., Code: 500"` {
		t.Errorf("got %v", err)
	}
	if err := r.Delete(); err != nil {
		t.Errorf("delete: %v", err)
	}
}

func TestServerAfterACrash(t *testing.T) {
	lab := resourcetest.New(t)
	for _, operation := range []string{"server.create", "port.create"} {
		t.Run(operation, func(t *testing.T) {
			lost := lab.Sim.Inject(simcloud.Fault{Operation: operation, AfterEffect: true})
			r := lab.Resource(nova.Types, "OS::Nova::Server", "s-"+strings.ReplaceAll(operation, ".", "-"), on()...)
			if err := r.Create(); core.ErrorCode(err) != core.Unavailable {
				t.Fatalf("got %v", err)
			}
			lost()
			r.Restart()
			found, err := r.Find()
			if err != nil || found != (operation == "server.create") {
				t.Fatalf("found %v, %v", found, err)
			}
			if !found {
				if err := r.Create(); err != nil {
					t.Fatal(err)
				}
			}
			if n := len(ports(t, lab, "name="+r.PhysicalName(53)+"-port-0")); n != 1 {
				t.Errorf("there are %d ports", n)
			}
			if err := r.Delete(); err != nil {
				t.Fatal(err)
			}
			if n := len(ports(t, lab, "name="+r.PhysicalName(53)+"-port-0")); n != 0 {
				t.Errorf("there are %d ports left", n)
			}
		})
	}
}

func TestServerUpdates(t *testing.T) {
	lab := resourcetest.NewSlow(t, 10*time.Millisecond)
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", on("metadata", yaml.MapOf("a", "1", "b", "2"))...)
	id := r.PhysicalID
	base := func(more ...any) []any { return on(append([]any{"metadata", yaml.MapOf("b", "3")}, more...)...) }
	for _, step := range []struct {
		say        string
		properties []any
		check      func(s resource.Values) bool
	}{
		{"metadata", base(), func(s resource.Values) bool { return yaml.Dumps(s.Get("metadata"), false) == `{"b": "3"}` }},
		{"name and tags", base("name", "web", "tags", []any{"x"}), func(s resource.Values) bool {
			return s.String("name") == "web" && slices.Equal(s.Strings("tags"), []string{"x"})
		}},
		{"resize", base("flavor", "m1.small"), func(s resource.Values) bool {
			return s.Sub("flavor").String("id") == "2" && s.String("status") == "ACTIVE" && len(s.List("tags")) == 0
		}},
		{"rebuild", base("flavor", "m1.small", "image", debian), func(s resource.Values) bool {
			return s.Sub("image").String("id") != "" && s.String("status") == "ACTIVE"
		}},
		{"both", base("admin_pass", "new"), func(s resource.Values) bool { return s.Sub("flavor").String("id") == "1" }},
		{"user data that is ignored", base("user_data", "#!", "user_data_update_policy", "IGNORE"), func(s resource.Values) bool { return true }},
	} {
		if err := r.Update(step.properties...); err != nil {
			t.Errorf("%s: %v", step.say, err)
			continue
		}
		s := call(t, lab, "compute", http.MethodGet, "servers/"+id, nil).Sub("server")
		if r.PhysicalID != id || !step.check(s) {
			t.Errorf("%s: server %v", step.say, s.Map())
		}
	}
	for say, properties := range map[string][]any{
		"policy of the flavor":   base("flavor", "m1.medium", "flavor_update_policy", "REPLACE"),
		"policy of the image":    base("image", debian, "image_update_policy", "REPLACE"),
		"user data":              base("user_data", "#!/bin/sh"),
		"what cannot be changed": base("config_drive", true),
	} {
		if err := r.Update(properties...); !errors.Is(err, resource.ErrReplace) {
			t.Errorf("%s: %v", say, err)
		}
	}
}

func TestServerThatCannotBeResized(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", on()...)
	for _, tc := range []struct {
		fault   simcloud.Fault
		typ     string
		message string
	}{
		{simcloud.Fault{Operation: "server.action", Status: 403, Message: "Quota exceeded for cores"}, "Forbidden", "Quota exceeded for cores (HTTP 403)"},
		{simcloud.Fault{Operation: "server.action", Become: "ERROR", Message: "no room"}, "ResourceInError", `Went to status ERROR due to "Message: no room, Code: 500"`},
	} {
		remove := lab.Sim.Inject(tc.fault)
		e, ok := errors.AsType[*core.Error](r.Update(on("flavor", "m1.xlarge")...))
		remove()
		if !ok || e.Type != tc.typ || !strings.HasPrefix(e.Message, tc.message) {
			t.Errorf("got %v", e)
		}
		r.Properties = lab.Resource(nova.Types, "OS::Nova::Server", "s", on()...).Properties
	}
}

func TestServerPorts(t *testing.T) {
	lab := resourcetest.New(t)
	private, err := lab.Client.FindNetwork(t.Context(), "private")
	if err != nil {
		t.Fatal(err)
	}
	given := call(t, lab, "network", http.MethodPost, "ports", map[string]any{"port": map[string]any{"network_id": private, "name": "given"}}).Sub("port").String("id")
	public, err := lab.Client.FindNetwork(t.Context(), "public")
	if err != nil {
		t.Fatal(err)
	}
	floating := call(t, lab, "network", http.MethodPost, "floatingips", map[string]any{"floatingip": map[string]any{"floating_network_id": public}}).Sub("floatingip")

	byPort := yaml.MapOf("port", given)
	fixed := yaml.MapOf("subnet", "private-subnet", "fixed_ip", "10.0.0.77", "floating_ip", floating.String("floating_ip_address"), "tag", "front",
		"port_extra_properties", yaml.MapOf("mac_address", "fa:16:3e:00:00:77", "allowed_address_pairs", []any{yaml.MapOf("ip_address", "10.9.0.0/24")}))
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", on("networks", []any{byPort, fixed})...)

	attached := func() map[string]resource.Values {
		out := map[string]resource.Values{}
		for _, p := range ports(t, lab, "device_id="+r.PhysicalID) {
			out[p.String("id")] = p
		}
		return out
	}
	own := ""
	for id, p := range attached() {
		if id != given {
			own = id
			if p.Subs("fixed_ips")[0].String("ip_address") != "10.0.0.77" || p.String("mac_address") != "fa:16:3e:00:00:77" || p.Subs("allowed_address_pairs")[0].String("ip_address") != "10.9.0.0/24" {
				t.Errorf("own port %v", p.Map())
			}
		}
	}
	if len(attached()) != 2 || own == "" {
		t.Fatalf("attached %v", attached())
	}
	if got := call(t, lab, "network", http.MethodGet, "floatingips/"+floating.String("id"), nil).Sub("floatingip").String("port_id"); got != own {
		t.Errorf("the floating IP leads to %q", got)
	}

	// Another entry takes the place of the given port; the fixed one stays.
	if err := r.Update(on("networks", []any{fixed, yaml.MapOf("network", "private")})...); err != nil {
		t.Fatal(err)
	}
	now := attached()
	if _, still := now[given]; still || now[own].Map() == nil || len(now) != 2 {
		t.Errorf("after the update: %v", now)
	}
	if p := call(t, lab, "network", http.MethodGet, "ports/"+given, nil).Sub("port"); p.String("device_id") != "" {
		t.Errorf("the given port belongs to %q", p.String("device_id"))
	}

	if err := r.Behaviour.(resource.ReplacePreparer).PrepareReplace(t.Context(), r.Context); err != nil {
		t.Fatal(err)
	}
	successor := lab.Resource(nova.Types, "OS::Nova::Server", "s", on("networks", []any{yaml.MapOf("network", "private", "fixed_ip", "10.0.0.77")})...)
	if err := successor.Create(); err != nil {
		t.Errorf("the replacement cannot have the address: %v", err)
	}

	if err := r.Update(on("networks", []any{yaml.MapOf("allocate_network", "none")})...); err != nil || len(attached()) != 0 {
		t.Errorf("without networks: %v, %v", attached(), err)
	}
	if err := r.Update(on("networks", []any{yaml.MapOf("allocate_network", "auto")})...); err != nil || len(attached()) != 1 {
		t.Errorf("with any network: %v, %v", attached(), err)
	}
	for _, s := range []*resourcetest.Resource{r, successor} {
		if err := s.Delete(); err != nil {
			t.Fatal(err)
		}
	}
	if left := ports(t, lab, "description="+strings.ReplaceAll(r.Mark(), " ", "%20")); len(left) > 0 {
		t.Errorf("ports left: %v", left)
	}
	call(t, lab, "network", http.MethodGet, "ports/"+given, nil)
}

// An interface stays when it is all that a new entry asks for, however the old one said it.
func TestServerKeepsInterfaces(t *testing.T) {
	lab := resourcetest.New(t)
	byNet, bySubnet := yaml.MapOf("network", "private"), yaml.MapOf("subnet", "private-subnet")
	both := yaml.MapOf("network", "private", "subnet", "private-subnet")
	fixed := yaml.MapOf("network", "private", "fixed_ip", "10.0.0.33")
	for name, tc := range map[string]struct {
		before, after []any
		kept          int
	}{
		"network to subnet":    {[]any{byNet}, []any{bySubnet}, 1},
		"subnet to network":    {[]any{bySubnet}, []any{byNet}, 1},
		"subnet added":         {[]any{byNet}, []any{both}, 1},
		"network added":        {[]any{bySubnet}, []any{both}, 1},
		"address taken off":    {[]any{fixed}, []any{byNet}, 1},
		"another address":      {[]any{fixed}, []any{yaml.MapOf("network", "private", "fixed_ip", "10.0.0.34")}, 0},
		"three, all rewritten": {[]any{byNet, fixed, bySubnet}, []any{bySubnet, byNet, both}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := lab.Created(nova.Types, "OS::Nova::Server", "s", on("networks", tc.before)...)
			had := map[string]bool{}
			for _, p := range ports(t, lab, "device_id="+r.PhysicalID) {
				had[p.String("id")] = true
			}
			if err := r.Update(on("networks", tc.after)...); err != nil {
				t.Fatal(err)
			}
			now, kept := ports(t, lab, "device_id="+r.PhysicalID), 0
			for _, p := range now {
				if had[p.String("id")] {
					kept++
				}
			}
			if len(now) != len(tc.after) || kept != tc.kept {
				t.Errorf("%d interfaces, %d of them kept, want %d", len(now), kept, tc.kept)
			}
			if err := r.Delete(); err != nil {
				t.Fatal(err)
			}
			if left := ports(t, lab, "description="+strings.ReplaceAll(r.Mark(), " ", "%20")); len(left) > 0 {
				t.Errorf("ports left: %v", left)
			}
		})
	}
}

func TestServerFromVolumes(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", "flavor", "m1.tiny", "networks", []any{yaml.MapOf("network", "private")},
		"block_device_mapping_v2", []any{
			yaml.MapOf("image", debian, "volume_size", int64(4), "delete_on_termination", true, "device_name", "vda"),
			yaml.MapOf("swap_size", int64(64)),
			yaml.MapOf("ephemeral_size", int64(1), "ephemeral_format", "ext4"),
		})
	s := call(t, lab, "compute", http.MethodGet, "servers/"+r.PhysicalID, nil).Sub("server")
	volumes := s.Subs("os-extended-volumes:volumes_attached")
	if s.Get("image") != "" || len(volumes) != 1 || !volumes[0].Bool("delete_on_termination") {
		t.Errorf("image %v, volumes %v", s.Get("image"), s.Get("os-extended-volumes:volumes_attached"))
	}
	if err := r.Delete(); err != nil {
		t.Error(err)
	}
}

func TestServerValidation(t *testing.T) {
	lab := resourcetest.New(t)
	for _, tc := range []struct {
		properties []any
		want       string
	}{
		{on(), ""},
		{[]any{"flavor", "m1.tiny"}, "Neither image nor bootable volume is specified for instance s"},
		{on("networks", []any{yaml.MapOf("fixed_ip", "10.0.0.3")}), "At least one of the following properties must be specified: network, port, allocate_network, subnet."},
		{on("networks", []any{yaml.MapOf("allocate_network", "auto"), yaml.MapOf("network", "private")}), "allocate_network must be the only entry of networks."},
		{on("networks", []any{yaml.MapOf("allocate_network", "auto", "network", "private")}), "Cannot define the following properties at the same time: allocate_network, network."},
		{on("block_device_mapping", []any{yaml.MapOf("device_name", "vdb")}), "Either volume_id or snapshot_id must be specified for device mapping vdb"},
		{on("block_device_mapping_v2", []any{yaml.MapOf("device_name", "vdb")}), "Either volume_id, snapshot_id, image_id, swap_size, ephemeral_size or ephemeral_format must be specified."},
		{on("block_device_mapping_v2", []any{yaml.MapOf("image", debian, "swap_size", int64(1))}),
			"A block device must have one source: volume_id, snapshot_id, image, swap_size, or ephemeral_size and ephemeral_format."},
	} {
		err := lab.Resource(nova.Types, "OS::Nova::Server", "s", tc.properties...).Validate()
		text := ""
		if err != nil {
			text = err.Error()
		}
		if diff := cmp.Diff(tc.want, text); diff != "" {
			t.Error(diff)
		}
	}
}

func TestServerSuspendsResumesAndIsKept(t *testing.T) {
	lab := resourcetest.NewSlow(t, 10*time.Millisecond)
	r := lab.Created(nova.Types, "OS::Nova::Server", "s", on()...)
	for range 2 {
		if err := r.Suspend(); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Check(); err == nil || err.Error() != "'status': expected 'ACTIVE', got 'SUSPENDED'" {
		t.Errorf("check of a suspended server: %v", err)
	}
	for range 2 {
		if err := r.Resume(); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.SnapshotDelete(); err != nil {
		t.Fatal(err)
	}
	image := call(t, lab, "image", http.MethodGet, "images/"+r.Data["kept_image_id"], nil)
	if image.String("name") != r.PhysicalName(0) || image.String("status") != "active" {
		t.Errorf("image %v", image.Map())
	}
	if err := r.Check(); !cloud.NotFound(err) {
		t.Errorf("the server is still there: %v", err)
	}
}

func TestServerUserData(t *testing.T) {
	lab := resourcetest.New(t)
	config := &core.SoftwareConfig{ProjectID: lab.Client.ProjectID(), Config: json.RawMessage(`{"config": "#!/bin/sh\necho stored"}`)}
	if err := lab.Configs.CreateConfig(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	const script = "#!/bin/sh\necho hello"
	inner := "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/cloud-config\n\n#cloud-config\n--b--\n"
	for _, tc := range []struct {
		say      string
		format   string
		data     string
		metadata *yaml.Map
		want     []string
		not      []string
	}{
		{"raw", "RAW", script, yaml.MapOf("a", "b"), []string{script}, []string{"multipart"}},
		{"a stored config", "RAW", config.ID, nil, []string{"echo stored"}, []string{"multipart"}},
		{"as a part", "HEAT_CFNTOOLS", script, nil, []string{"multipart/mixed", "text/x-shellscript", script}, []string{"part-handler"}},
		{"with metadata", "HEAT_CFNTOOLS", script, yaml.MapOf("a", "b"), []string{"text/x-cfninitdata", "cfn-init-data", `{"a": "b"}`, "part-handler", script}, nil},
		{"metadata alone", "HEAT_CFNTOOLS", "", yaml.MapOf("a", "b"), []string{"cfn-init-data"}, []string{"x-shellscript"}},
		{"of parts", "SOFTWARE_CONFIG", inner, nil, []string{"text/cloud-config", "#cloud-config"}, []string{"x-shellscript", "boundary=\"b\""}},
		{"nothing", "HEAT_CFNTOOLS", "", nil, nil, []string{"multipart"}},
	} {
		t.Run(tc.say, func(t *testing.T) {
			r := lab.Resource(nova.Types, "OS::Nova::Server", "s", on("user_data_format", tc.format, "user_data", tc.data)...)
			if tc.metadata != nil {
				r.Metadata = tc.metadata
			}
			if err := r.Create(); err != nil {
				t.Fatal(err)
			}
			got := userDataOf(t, lab, r.PhysicalID)
			for _, s := range tc.want {
				if !strings.Contains(got, s) {
					t.Errorf("%q is not in %s", s, got)
				}
			}
			for _, s := range tc.not {
				if strings.Contains(got, s) {
					t.Errorf("%q is in %s", s, got)
				}
			}
		})
	}
}
