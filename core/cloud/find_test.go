package cloud_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v3/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/yaml"
)

func TestFind(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	volume, _ := client.Volume()
	v, err := volumes.Create(t.Context(), volume, volumes.CreateOpts{Name: "my volume", Size: 1}, nil).Extract()
	if err != nil {
		t.Fatal(err)
	}
	compute, _ := client.Compute()
	if _, err := keypairs.Create(t.Context(), compute, keypairs.CreateOpts{Name: "my key"}).Extract(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		find func(context.Context, string) (string, error)
		want string // "" takes whatever it finds
		word string
	}{
		{"private", client.FindNetwork, "", "Network"},
		{"private-subnet", client.FindSubnet, "", "Subnet"},
		{"default", client.FindSecurityGroup, "", "Security Group"},
		{"m1.tiny", client.FindFlavor, "1", "Flavor"},
		{"cirros-0.6.2-x86_64-disk", client.FindImage, "", "Image"},
		{"my volume", client.FindVolume, v.ID, "Volume"},
		{"my key", client.FindKeypair, "my key", "Key"},
	} {
		id, err := tc.find(t.Context(), tc.name)
		if err != nil || id == "" || tc.want != "" && id != tc.want {
			t.Errorf("%s: %q, %v", tc.name, id, err)
			continue
		}
		if same, err := tc.find(t.Context(), id); err != nil || same != id {
			t.Errorf("%s by id: %q, %v", tc.name, same, err)
		}
		_, err = tc.find(t.Context(), "no such thing")
		if want := "The " + tc.word + " (no such thing) could not be found."; err == nil || err.Error() != want || !cloud.NotFound(err) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestFindAmbiguous(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	network, _ := client.Network()
	for range 2 {
		if _, err := networks.Create(t.Context(), network, networks.CreateOpts{Name: "twin"}).Extract(); err != nil {
			t.Fatal(err)
		}
	}
	_, err = client.FindNetwork(t.Context(), "twin")
	if e, ok := errors.AsType[*core.Error](err); !ok || e.Type != "PhysicalResourceNameAmbiguity" {
		t.Errorf("got %v", err)
	}
}

func TestFindRemembers(t *testing.T) {
	s := newSite(t)
	client, err := s.cloud(true, nil).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	s.forget()
	for range 5 {
		if _, err := client.FindNetwork(t.Context(), "private"); err != nil {
			t.Fatal(err)
		}
		_, _ = client.FindNetwork(t.Context(), "absent")
	}
	if n := s.asked("GET", "/network/v2.0/networks/private"); n != 1 {
		t.Errorf("what is there was looked up %d times", n)
	}
	if n := s.asked("GET", "/network/v2.0/networks/absent"); n != 5 {
		t.Errorf("what is not there was looked up %d times", n)
	}
}

func TestCheckConstraint(t *testing.T) {
	s := newSite(t)
	now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
	client, err := s.cloud(true, now).Client(t.Context(), core.Credentials{Token: s.token("demo")})
	if err != nil {
		t.Fatal(err)
	}
	const bad = "Error validating value "
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"nova.flavor", "m1.tiny", ""},
		{"nova.flavor", "x", bad + "'x': The Flavor (x) could not be found."},
		{"neutron.network", "public", ""},
		{"glance.image", "x", bad + "'x': The Image (x) could not be found."},
		{"cinder.vtype", "x", bad + "'x': The VolumeType (x) could not be found."},
		{"nope", "x", `"x" does not validate nope (constraint not found)`},

		{"ip_addr", "1.2.3.4", ""},
		{"ip_addr", "::1", ""},
		{"ip_addr", "", bad + "'': Invalid IP address"},
		{"ip_addr", "1.2.3", bad + "'1.2.3': Invalid IP address"},
		{"ip_addr", []any{"1.1.1.1", "2.2.2.2"}, bad + "'['1.1.1.1', '2.2.2.2']': Invalid IP address"},
		{"mac_addr", "AA-BB-CC-DD-EE-FF", ""},
		{"mac_addr", "aabb.ccdd.eeff", ""},
		{"mac_addr", "aa:bb", bad + "'aa:bb': Invalid MAC address."},
		{"net_cidr", "10.0.0.0/8", ""},
		{"net_cidr", "10.0.0.5/8", ""},
		{"net_cidr", "fd00::/8", ""},
		{"net_cidr", "10.0.0.0/255.0.0.0", bad + "'10.0.0.0/255.0.0.0': '10.0.0.0/255.0.0.0' isn't a recognized IP subnet cidr, '10.0.0.0/8' is recommended"},
		{"net_cidr", "10.0.0.0/33", bad + "'10.0.0.0/33': Invalid net cidr invalid IPNetwork 10.0.0.0/33 "},
		{"net_cidr", "x", bad + "'x': Invalid net cidr invalid IPNetwork x "},
		{"ip_or_cidr", "10.0.0.1", ""},
		{"ip_or_cidr", "1/2", bad + "'1/2': '1/2' isn't a recognized IP subnet cidr, '0.0.0.0/2' is recommended"},
		{"iso_8601", "2020-01-01", ""},
		{"iso_8601", "2020-01-01T00:00:00+02:00", ""},
		{"iso_8601", "2020-13-01", bad + "'2020-13-01'"},
		{"iso_8601", "12:00", bad + "'12:00'"},
		{"expiration", "2026-06-01T12:00:01Z", ""},
		{"expiration", "2026-06-01T13:00:00+02:00", bad + "'2026-06-01T13:00:00+02:00': Expiration 2026-06-01T13:00:00+02:00 is invalid: Expiration time is out of date."},
		{"cron_expression", "*/5 0-6,12 * jan mon#2", ""},
		{"cron_expression", "@daily", ""},
		{"cron_expression", "* * *", bad + "'* * *': Invalid CRON expression: Exactly 5 or 6 columns has to be specified for iterator expression."},
		{"cron_expression", "61 * * * *", bad + "'61 * * * *': Invalid CRON expression: [61 * * * *] is not acceptable, out of range"},
		{"timezone", "Europe/Berlin", ""},
		{"timezone", "", ""},
		{"timezone", "Mars/Phobos", bad + "'Mars/Phobos': Invalid timezone: 'Mars/Phobos'"},
		{"dns_name", "a.b.c", ""},
		{"dns_name", "a.123.", bad + "'a.123.': 'a.123.' not in valid format. Reason: TLD '123' must not be all numeric."},
		{"dns_name", "-a.b", bad + "'-a.b': '-a.b' not in valid format. Reason: Name '-a' must not start or end with a hyphen."},
		{"dns_name", "a..b", bad + "'a..b': 'a..b' not in valid format. Reason: Encountered an empty component."},
		{"rel_dns_name", "h", ""},
		{"rel_dns_name", "a.b.", bad + "'a.b.': 'a.b.' is a FQDN. It should be a relative domain name."},
		{"dns_domain", "a.b.", ""},
		{"dns_domain", "a.b", bad + "'a.b': 'a.b' must end with '.'."},
		{"json_string", `{"a": 1}`, ""},
		{"json_string", `{`, bad + "'{': The text is not valid JSON."},
	} {
		if got := client.CheckConstraint(t.Context(), tc.name, tc.value); got != tc.want {
			t.Errorf("%s %s: got %q, want %q", tc.name, yaml.Repr(tc.value), got, tc.want)
		}
	}
	var none *cloud.Client
	if got := none.CheckConstraint(t.Context(), "nova.flavor", "x"); got != "" {
		t.Errorf("without a cloud: %q", got)
	}
}
