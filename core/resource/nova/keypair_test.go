package nova_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
	"hearth/core/simcloud"
)

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPNFRpmtbXHbdR43BY3gaW80CVUKvfObs7mv5a1BwViH me"

func TestKeyPairThatNovaMakes(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::KeyPair", "k", "name", "mine", "save_private_key", true)
	if r.Reference() != "mine" {
		t.Errorf("get_resource yields %v", r.Reference())
	}
	if key := r.Attribute("private_key").(string); !strings.Contains(key, "PRIVATE KEY") {
		t.Errorf("private key %q", key)
	}
	if key := r.Attribute("public_key").(string); !strings.HasPrefix(key, "ssh-") {
		t.Errorf("public key %q", key)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := r.Delete(); err != nil {
			t.Error(err)
		}
	}
	if err := r.Check(); !cloud.NotFound(err) {
		t.Errorf("after delete: %v", err)
	}

	forgetful := lab.Created(nova.Types, "OS::Nova::KeyPair", "k", "name", "other")
	if forgetful.Attribute("private_key") != "" {
		t.Error("a private key was kept")
	}
}

func TestKeyPairThatIsGiven(t *testing.T) {
	lab := resourcetest.New(t)
	r := lab.Created(nova.Types, "OS::Nova::KeyPair", "k", "name", "mine", "public_key", publicKey, "type", "ssh")
	if r.Attribute("public_key") != publicKey || r.Attribute("private_key") != "" {
		t.Errorf("keys %v, %v", r.Attribute("public_key"), r.Attribute("private_key"))
	}
	again := lab.Resource(nova.Types, "OS::Nova::KeyPair", "k", "name", "mine", "public_key", publicKey)
	err := again.Create()
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Code != core.Conflict || !strings.HasPrefix(e.Message, "Key pair 'mine' already exists. (HTTP 409) (Request-ID: req-") {
		t.Errorf("got %v", err)
	}
	if err := r.Behaviour.(resource.ReplacePreparer).PrepareReplace(t.Context(), r.Context); err != nil {
		t.Fatal(err)
	}
	if err := again.Create(); err != nil {
		t.Errorf("once the name is free: %v", err)
	}
}

func TestKeyPairAfterACrash(t *testing.T) {
	lab := resourcetest.New(t)
	lost := lab.Sim.Inject(simcloud.Fault{Operation: "keypair.create", AfterEffect: true})
	r := lab.Resource(nova.Types, "OS::Nova::KeyPair", "k", "name", "mine", "public_key", publicKey)
	if err := r.Create(); core.ErrorCode(err) != core.Unavailable {
		t.Fatalf("got %v", err)
	}
	lost()
	if found, err := r.Find(); err != nil || !found || r.PhysicalID != "mine" {
		t.Errorf("found %v, %v", found, err)
	}

	r.Restart()
	lab.Now = func() time.Time { return time.Now().Add(time.Hour) }
	r.Started = lab.Now()
	if found, err := r.Find(); err != nil || found {
		t.Errorf("one that is older: found %v, %v", found, err)
	}

	lab.Now = nil
	secret := lab.Created(nova.Types, "OS::Nova::KeyPair", "s", "name", "secret", "save_private_key", true)
	secret.Restart()
	if found, err := secret.Find(); err != nil || found {
		t.Errorf("one whose private key is lost: found %v, %v", found, err)
	}
	if err := secret.Create(); err != nil || secret.Attribute("private_key") == "" {
		t.Errorf("made anew: %v", err)
	}
}

func TestKeyPairOfAnotherUser(t *testing.T) {
	lab := resourcetest.New(t)
	lab.Client = lab.Admin
	r := lab.Created(nova.Types, "OS::Nova::KeyPair", "k", "name", "theirs", "user", "demo")
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	if err := r.Delete(); err != nil {
		t.Error(err)
	}
}
