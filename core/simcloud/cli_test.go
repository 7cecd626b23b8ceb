package simcloud_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"hearth/core/simcloud"
)

// cli is the unchanged command line client of Debian.
const cli = "/usr/bin/openstack"

// A command is one line for the client and what it must print.
type command struct{ line, want string }

var commands = []command{
	{"token issue -f json", `"project_id"`},
	{"catalog list -f json", `"nova"`},
	{"project list -f json", `"demo"`},
	{"user list -f json", `"admin"`},
	{"role assignment list --names -f json", `"admin@Default"`},
	{"flavor list -f json", `"m1.tiny"`},
	{"image list -f json", `"cirros-0.6.2-x86_64-disk"`},
	{"image show cirros-0.6.2-x86_64-disk -f json", `"active"`},
	{"keypair create k", "BEGIN OPENSSH PRIVATE KEY"},
	{"keypair list -f json", `"k"`},
	{"network create n -f json", `"n"`},
	{"subnet create --network n --subnet-range 192.168.9.0/24 sub -f json", `192.168.9.254`},
	{"router create r -f json", `"ACTIVE"`},
	{"router set r --external-gateway public", ""},
	{"router add subnet r sub", ""},
	{"security group create web -f json", `"web"`},
	{"security group rule create web --protocol tcp --dst-port 22 -f json", `"tcp"`},
	{"port create --network n --security-group web p -f json", `"DOWN"`},
	{"server create --flavor m1.tiny --image cirros-0.6.2-x86_64-disk --port p --key-name k --wait vm -f json", `"ACTIVE"`},
	{"server list -f json", `"vm"`},
	{"floating ip create public --port p -f json", `"172.24.4.`},
	{"floating ip list -f json", `"192.168.9.`},
	{"volume create --size 1 v -f json", `"creating"`},
	{"server add volume vm v", ""},
	{"volume list -f json", `"in-use"`},
	{"server show vm -f json", `m1.tiny`},
	{"server remove volume vm v", ""},
	{"server reboot vm", ""},
	{"server stop vm", ""},
	{"server delete vm --wait", ""},
	{"volume delete v", ""},
	{"port delete p", ""},
	{"router remove subnet r sub", ""},
	{"router delete r", ""},
	{"network delete n", ""},
	{"security group delete web", ""},
	{"keypair delete k", ""},
	{"container create box -f json", `"AUTH_`},
	{"container set --property colour=blue box", ""},
	{"container show box -f json", `"blue"`},
	{"object create box cli_test.go -f json", `"cli_test.go"`},
	{"object set --property size=big box cli_test.go", ""},
	{"object show box cli_test.go -f json", `"big"`},
	{"object list box -f json", `"cli_test.go"`},
	{"object store account show -f json", `"Containers": "1"`},
	{"container list -f json", `"box"`},
	{"object delete box cli_test.go", ""},
	{"container delete box", ""},
	{"quota show -f json", `"instances"`},
	{"extension list --network -f json", `"router"`},
}

// TestOpenStackClient runs all commands in one client that reads them from
// its input, because it takes a second to start.
func TestOpenStackClient(t *testing.T) {
	if _, err := os.Stat(cli); err != nil {
		if os.Getenv("HEARTH_TEST_ALL") != "" {
			t.Fatal(cli + " is not installed: apt-get install python3-openstackclient")
		}
		t.Skip(cli + " is not installed: apt-get install python3-openstackclient")
	}
	c := start(t, simcloud.Options{})
	var script strings.Builder
	for _, cmd := range commands {
		script.WriteString(cmd.line + "\n")
	}
	cmd := exec.CommandContext(t.Context(), cli)
	cmd.Stdin = strings.NewReader(script.String())
	cmd.Env = append(os.Environ(), "OS_AUTH_URL="+c.url+"/v3", "OS_USERNAME=admin", "OS_PASSWORD="+password, "OS_PROJECT_NAME=demo",
		"OS_USER_DOMAIN_NAME=Default", "OS_PROJECT_DOMAIN_NAME=Default", "OS_IDENTITY_API_VERSION=3", "HOME="+t.TempDir())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Errorf("%v\n%s", err, errs.String())
	}
	rest := out.String()
	for _, cmd := range commands {
		_, after, found := strings.Cut(rest, cmd.want)
		if !found {
			t.Fatalf("openstack %s did not print %s but\n%s", cmd.line, cmd.want, rest)
		}
		rest = after
	}
}
