package simcloud

import (
	"crypto/hmac"
	"net/http"
	"time"
)

// EC2 credentials follow keystone/api/users.py and keystone/api/_shared/EC2_S3_Resource.py.

func ec2View(c *call, r *record) object {
	return object{
		"access": r.id, "secret": r.str("secret"), "user_id": r.str("user_id"), "tenant_id": r.str("project_id"), "trust_id": null(r.str("trust_id")),
		"links": object{"self": c.cloud.base + "/v3/users/" + r.str("user_id") + "/credentials/OS-EC2/" + r.id},
	}
}

func listEC2Credentials(c *call) (*reply, error) {
	if err := c.self(c.param("user")); err != nil {
		return nil, err
	}
	out := []object{}
	for _, r := range c.having("ec2_credential", "user_id", c.param("user")) {
		out = append(out, ec2View(c, r))
	}
	return ok(object{"credentials": out, "links": object{"self": c.cloud.base + c.req.URL.RequestURI(), "next": nil, "previous": nil}})
}

func createEC2Credential(c *call) (*reply, error) {
	if err := c.self(c.param("user")); err != nil {
		return nil, err
	}
	user, project := c.get("user", c.param("user")), c.get("project", c.in.str("tenant_id"))
	switch {
	case c.by.token.str("application_credential_id") != "":
		return nil, forbidden("You are not authorized to perform the requested action: identity:ec2_create_credential.")
	case user == nil:
		return nil, notFound("Could not find user: %s.", c.param("user"))
	case project == nil:
		return nil, notFound("Could not find project: %s.", c.in.str("tenant_id"))
	}
	o := object{"id": hexID(), "secret": hexID(), "user_id": user.id, "project_id": project.id}
	if c.by.trust != nil {
		o["trust_id"] = c.by.trust.id
	}
	return created(object{"credential": ec2View(c, c.add("ec2_credential", project.id, o))})
}

func ownEC2Credential(c *call) (*record, error) {
	if err := c.self(c.param("user")); err != nil {
		return nil, err
	}
	r := c.get("ec2_credential", c.param("id"))
	if r == nil || r.str("user_id") != c.param("user") {
		return nil, notFound("Could not find credential: %s.", c.param("id"))
	}
	return r, nil
}

func showEC2Credential(c *call) (*reply, error) {
	r, err := ownEC2Credential(c)
	if err != nil {
		return nil, err
	}
	return ok(object{"credential": ec2View(c, r)})
}

func deleteEC2Credential(c *call) (*reply, error) {
	r, err := ownEC2Credential(c)
	if err != nil {
		return nil, err
	}
	c.drop("ec2_credential", r.id)
	return noContent()
}

// signatureLife is how far the time in a signed request may be from now: Keystone's
// auth_ttl.
const signatureLife = 15 * time.Minute

// createEC2Token gives a token to who describes a request that is signed with an EC2
// credential. Only services may ask.
func createEC2Token(c *call) (*reply, error) {
	in := c.in.obj("credentials")
	if in == nil {
		in = c.in.obj("ec2Credentials")
	}
	if in == nil {
		return nil, badRequest("request must include a request body")
	}
	cred := c.get("ec2_credential", in.str("access"))
	if cred == nil || !signedWith(in, cred.str("secret")) {
		return nil, errUnauthorized
	}
	if at, given := signedAt(in); given && at.Sub(c.now).Abs() > signatureLife {
		return nil, errUnauthorized
	}
	what := object{"user_id": cred.str("user_id"), "methods": []any{"ec2credential"}, "scope_kind": "project", "scope_id": cred.str("project_id")}
	if id := cred.str("trust_id"); id != "" {
		what["trust_id"] = id
	}
	rep, err := c.issue(what)
	if err != nil {
		return nil, err
	}
	rep.status = http.StatusOK
	return rep, nil
}

// signedWith reports whether the described request carries the signature that the secret
// makes.
func signedWith(in object, secret string) bool {
	for _, host := range ec2Hosts(in.str("host")) {
		want, known := ec2Signature(in, secret, host)
		if known && hmac.Equal([]byte(in.str("signature")), []byte(want)) {
			return true
		}
	}
	return false
}

func dropEC2Credentials(c *call, of []*record) {
	for _, r := range of {
		c.drop("ec2_credential", r.id)
	}
}
