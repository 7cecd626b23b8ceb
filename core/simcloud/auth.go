package simcloud

import (
	"slices"
	"time"
)

// createToken answers POST /v3/auth/tokens. Passwords are compared outside any
// transaction, because that is slow on purpose.
func createToken(c *call) (*reply, error) {
	auth, err := c.want("auth")
	if err != nil {
		return nil, err
	}
	ident := auth.obj("identity")
	methods := ident.strs("methods")
	if len(methods) == 0 {
		return nil, badRequest("Invalid input for field 'auth/identity/methods': at least one method is required.")
	}
	what := object{"methods": anyList(methods)}
	var subject, secret *record
	var password string
	err = c.cloud.store.read(func(t *tx) error {
		c.tx = t
		for _, m := range methods {
			var err error
			switch m {
			case "password":
				in := ident.obj("password").obj("user")
				subject, password = c.findUser(in), in.str("password")
				secret = subject
			case "token":
				subject, err = c.rescoped(ident.obj("token").str("id"), what)
			case "application_credential":
				in := ident.obj("application_credential")
				if secret = c.findAppCred(in); secret != nil {
					subject, password = c.get("user", secret.str("user_id")), in.str("secret")
					what["application_credential_id"] = secret.id
				}
			default:
				err = errUnauthorized
			}
			if err != nil {
				return err
			}
			if subject == nil {
				return errUnauthorized
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if secret != nil && !passwordIs(secret, password) {
		return nil, errUnauthorized
	}
	var rep *reply
	err = c.cloud.store.write(c.req.Context(), func(t *tx) error {
		c.tx = t
		what["user_id"] = subject.id
		if err := c.scope(auth, what, secret); err != nil {
			return err
		}
		var err error
		rep, err = c.issue(what)
		return err
	})
	return rep, err
}

// findUser resolves {"id"} or {"name", "domain"}; nil when there is none.
func (c *call) findUser(in object) *record {
	if id := in.str("id"); id != "" {
		return c.get("user", id)
	}
	return c.named("user", in)
}

// named finds a user or project by name and domain (given by id or name).
func (c *call) named(kind string, in object) *record {
	d := c.findDomain(in.obj("domain"))
	if d == nil {
		return nil
	}
	for _, r := range c.having(kind, "name", in.str("name")) {
		if r.str("domain_id") == d.id {
			return r
		}
	}
	return nil
}

func (c *call) findDomain(in object) *record {
	if id := in.str("id"); id != "" {
		return c.get("domain", id)
	}
	return c.first("domain", "name", in.str("name"))
}

// rescoped uses an existing token as proof of identity. The new token does not
// outlive it, and neither trusts nor application credentials can be widened.
func (c *call) rescoped(token string, what object) (*record, error) {
	w, err := c.cloud.identify(c.tx, token, c.now)
	if err != nil {
		return nil, err
	}
	if w.trust != nil || w.token.str("application_credential_id") != "" {
		return nil, forbidden("Using a trust or application credential token to create another token is not allowed.")
	}
	what["expires_at"] = w.token.object["expires_at"]
	for _, m := range w.token.strs("methods") {
		if l := what.list("methods"); !slices.Contains(l, any(m)) {
			what["methods"] = append(l, m)
		}
	}
	return w.user, nil
}

// scope decides what the new token is for.
func (c *call) scope(auth, what object, cred *record) error {
	if what.str("application_credential_id") != "" {
		what["scope_kind"], what["scope_id"] = "project", cred.str("project_id")
		what["expires_at"] = cred.object["expires_at"]
		return nil
	}
	scope := auth.obj("scope")
	switch {
	case auth.str("scope") == "unscoped":
		return nil
	case scope == nil:
		u := c.get("user", what.str("user_id"))
		if p := u.str("default_project_id"); p != "" && len(roleIDs(c.tx, u.id, "project", p)) > 0 {
			what["scope_kind"], what["scope_id"] = "project", p
		}
		return nil
	case scope.has("OS-TRUST:trust"):
		return c.scopeToTrust(scope.obj("OS-TRUST:trust").str("id"), what)
	case scope.has("project"):
		in := scope.obj("project")
		p := c.get("project", in.str("id"))
		if p == nil && in.str("id") == "" {
			p = c.named("project", in)
		}
		return setScope(what, "project", p)
	case scope.has("domain"):
		return setScope(what, "domain", c.findDomain(scope.obj("domain")))
	case scope.has("unscoped"):
		return nil
	}
	return errUnauthorized
}

func setScope(what object, kind string, r *record) error {
	if r == nil {
		return errUnauthorized
	}
	what["scope_kind"], what["scope_id"] = kind, r.id
	return nil
}

// scopeToTrust turns the trustee's token into one for the trustor's project.
func (c *call) scopeToTrust(id string, what object) error {
	trust := c.get("trust", id)
	if trust == nil {
		return notFound("Could not find trust: %s.", id)
	}
	if trust.str("trustee_user_id") != what.str("user_id") {
		return forbidden("You are not authorized to perform the requested action.")
	}
	if !trustHolds(c.tx, trust, c.now) {
		return forbidden("You are not authorized to perform the requested action: the trust no longer holds.")
	}
	if left, limited := number(trust.object["remaining_uses"]); limited {
		if left < 1 {
			return forbidden("You are not authorized to perform the requested action.")
		}
		c.update("trust", trust, object{"remaining_uses": left - 1})
	}
	if trust.flag("impersonation") {
		what["user_id"] = trust.str("trustor_user_id")
	}
	what["trust_id"], what["scope_kind"], what["scope_id"] = trust.id, "project", trust.str("project_id")
	if trust.str("expires_at") != "" {
		what["expires_at"] = trust.str("expires_at")
	}
	return nil
}

// trustHolds reports whether both users are there and enabled, the trustor
// still has what it delegated, and the trust has not expired.
func trustHolds(t *tx, trust *record, now time.Time) bool {
	if until, err := time.Parse(keystoneTime, trust.str("expires_at")); err == nil && !now.Before(until) {
		return false
	}
	if enabled(t, "user", trust.str("trustor_user_id")) == nil || enabled(t, "user", trust.str("trustee_user_id")) == nil {
		return false
	}
	have := roleIDs(t, trust.str("trustor_user_id"), "project", trust.str("project_id"))
	for _, r := range trust.strs("_roles") {
		if !slices.Contains(have, r) {
			return false
		}
	}
	return true
}
