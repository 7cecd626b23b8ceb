package simcloud

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"regexp"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Key pairs follow nova/api/openstack/compute/keypairs.py and belong to users.
// Generated keys are ed25519: making RSA keys would dominate every benchmark.

func keypairOwner(c *call) (string, error) {
	if u := c.query("user_id"); u != "" && u != c.by.user.id {
		if !c.by.admin {
			return "", forbidden("Policy doesn't allow os_compute_api:os-keypairs:index to be performed.")
		}
		return u, nil
	}
	return c.by.user.id, nil
}

func findKeypair(c *call) (*record, error) {
	owner, err := keypairOwner(c)
	if err != nil {
		return nil, err
	}
	if r := c.get("keypair", owner+" "+c.param("name")); r != nil {
		return r, nil
	}
	return nil, notFound("Keypair %s not found for user %s", c.param("name"), owner)
}

func keypairView(c *call, r *record) object {
	o := object{"name": r.str("name"), "public_key": r.str("public_key"), "fingerprint": r.str("fingerprint")}
	if c.minor >= 2 {
		o["type"] = r.str("type")
	}
	return o
}

func listKeypairs(c *call) (*reply, error) {
	owner, err := keypairOwner(c)
	if err != nil {
		return nil, err
	}
	rows := []object{}
	for _, r := range c.having("keypair", "user_id", owner) {
		rows = append(rows, object{"id": r.str("name"), "keypair": keypairView(c, r)})
	}
	rows, _, err = page(rows, c.req.URL.Query(), 0)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		delete(row, "id")
	}
	return ok(object{"keypairs": rows})
}

func showKeypair(c *call) (*reply, error) {
	r, err := findKeypair(c)
	if err != nil {
		return nil, err
	}
	o := keypairView(c, r)
	o["user_id"], o["created_at"], o["updated_at"] = r.str("user_id"), r.str("created_at"), nil
	o["deleted"], o["deleted_at"], o["id"] = false, nil, r.seq
	return ok(object{"keypair": o})
}

var keypairName = regexp.MustCompile(`^[\w \-.@]{1,255}$`)

func createKeypair(c *call) (*reply, error) {
	in, err := c.want("keypair")
	if err != nil {
		return nil, err
	}
	name := in.str("name")
	if !keypairName.MatchString(name) || strings.TrimSpace(name) != name {
		return nil, badRequest("Keypair data is invalid: Keypair name contains unsafe characters")
	}
	owner := c.by.user.id
	if u := in.str("user_id"); u != "" && u != owner {
		if !c.by.admin {
			return nil, forbidden("Policy doesn't allow os_compute_api:os-keypairs:create to be performed.")
		}
		owner = u
	}
	kind := in.str("type")
	if kind == "" {
		kind = "ssh"
	}
	if kind != "ssh" && kind != "x509" {
		return nil, badRequest("Invalid input for field/attribute type. Value: %s. '%s' is not one of ['ssh', 'x509']", kind, kind)
	}
	if c.get("keypair", owner+" "+name) != nil {
		return nil, conflict("", "Key pair '%s' already exists.", name)
	}
	public, private := strings.TrimSpace(in.str("public_key")), ""
	if public == "" {
		if c.minor >= 92 {
			return nil, badRequest("Invalid input for field/attribute keypair. 'public_key' is a required property")
		}
		if public, private, err = generateKey(); err != nil {
			return nil, err
		}
	}
	fingerprint := ""
	if kind == "ssh" {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(public))
		if err != nil {
			return nil, badRequest("Keypair data is invalid: failed to generate fingerprint")
		}
		fingerprint = ssh.FingerprintLegacyMD5(key)
	} else {
		fingerprint = tokenKey(public)[:40]
	}
	r := c.put("keypair", &record{id: owner + " " + name, object: object{
		"name": name, "public_key": public, "fingerprint": fingerprint, "user_id": owner, "type": kind, "created_at": c.now.Format(cinderTime),
	}})
	o := keypairView(c, r)
	o["user_id"] = owner
	if private != "" {
		o["private_key"] = private
	}
	if c.minor < 2 {
		return ok(object{"keypair": o})
	}
	return created(object{"keypair": o})
}

func generateKey() (public, private string, err error) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", "", err
	}
	sshPub, err := ssh.NewPublicKey(pub)
	if err != nil {
		return "", "", err
	}
	block, err := ssh.MarshalPrivateKey(key, "Generated-by-Nova")
	if err != nil {
		return "", "", err
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(sshPub))) + " Generated-by-Nova", string(pem.EncodeToMemory(block)), nil
}

func deleteKeypair(c *call) (*reply, error) {
	r, err := findKeypair(c)
	if err != nil {
		return nil, err
	}
	c.drop("keypair", r.id)
	if c.minor < 2 {
		return accepted(nil)
	}
	return noContent()
}
