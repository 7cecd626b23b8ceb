package simcloud

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"
)

// showToken answers GET and HEAD /v3/auth/tokens about X-Subject-Token.
func showToken(c *call) (*reply, error) {
	subject := c.req.Header.Get("X-Subject-Token")
	who, err := c.cloud.identify(c.tx, subject, c.now)
	if err != nil {
		return nil, notFound("Could not find token.")
	}
	if !c.by.admin && c.by.user.id != who.user.id {
		return nil, forbidden("You are not authorized to perform the requested action: identity:validate_token.")
	}
	rep, err := ok(object{"token": c.tokenView(who, !c.req.URL.Query().Has("nocatalog"))})
	if err != nil {
		return nil, err
	}
	return rep.with("X-Subject-Token", subject).with("Vary", "X-Auth-Token"), nil
}

func revokeToken(c *call) (*reply, error) {
	subject := c.req.Header.Get("X-Subject-Token")
	who, err := c.cloud.identify(c.tx, subject, c.now)
	if err != nil {
		return nil, notFound("Could not find token.")
	}
	if err := c.self(who.user.id); err != nil {
		return nil, err
	}
	c.drop("token", tokenKey(subject))
	return noContent()
}

// tokenView follows keystone/common/render_token.py.
func (c *call) tokenView(w *caller, catalog bool) object {
	domain := func(id string) object {
		d := c.get("domain", id)
		return object{"id": id, "name": d.str("name")}
	}
	o := object{
		"methods": w.token.object["methods"], "audit_ids": []any{w.token.object["audit_id"]},
		"issued_at": w.token.object["issued_at"], "expires_at": w.token.object["expires_at"],
		"user": object{"id": w.user.id, "name": w.user.str("name"), "domain": domain(w.user.str("domain_id")), "password_expires_at": nil},
	}
	if w.project != "" {
		p := c.get("project", w.project)
		o["project"] = object{"id": p.id, "name": p.str("name"), "domain": domain(p.str("domain_id"))}
		o["is_domain"] = false
	}
	if w.domain != "" {
		o["domain"] = domain(w.domain)
	}
	if w.project != "" || w.domain != "" {
		list := []object{}
		for _, r := range w.roles {
			list = append(list, object{"id": r.id, "name": r.str("name")})
		}
		o["roles"] = list
		if catalog {
			o["catalog"] = c.cloud.catalog(c.tx, w.project)
		}
	}
	if w.trust != nil {
		o["OS-TRUST:trust"] = object{
			"id": w.trust.id, "impersonation": w.trust.flag("impersonation"),
			"trustor_user": object{"id": w.trust.str("trustor_user_id")}, "trustee_user": object{"id": w.trust.str("trustee_user_id")},
		}
	}
	if id := w.token.str("application_credential_id"); id != "" {
		cred := c.get("application_credential", id)
		o["application_credential"] = object{"id": id, "name": cred.str("name"), "restricted": !cred.flag("unrestricted")}
	}
	return o
}

// issue stores a new token and answers with it. what holds the token's user,
// methods, scope and origin.
func (c *call) issue(what object) (*reply, error) {
	raw := make([]byte, 64)
	rand.Read(raw)
	id := "gAAAAAB" + base64.RawURLEncoding.EncodeToString(raw)
	expires := c.now.Add(c.cloud.tokenLife)
	if until, err := time.Parse(keystoneTime, what.str("expires_at")); err == nil && until.Before(expires) {
		expires = until
	}
	what["issued_at"], what["expires_at"] = c.now.Format(keystoneTime), expires.Format(keystoneTime)
	what["audit_id"] = base64.RawURLEncoding.EncodeToString(raw[:16])
	r := &record{id: tokenKey(id), object: what}
	w, err := resolve(c.tx, r, c.now)
	if err != nil {
		return nil, err
	}
	c.put("token", r)
	if r.seq%256 == 0 {
		dropExpiredTokens(c.tx, c.now)
	}
	rep := &reply{status: http.StatusCreated, body: object{"token": c.tokenView(w, !c.req.URL.Query().Has("nocatalog"))}}
	return rep.with("X-Subject-Token", id).with("Vary", "X-Auth-Token"), nil
}

func dropExpiredTokens(t *tx, now time.Time) {
	limit := now.Format(keystoneTime)
	for _, r := range t.all("token") {
		if r.str("expires_at") <= limit {
			t.drop("token", r.id)
		}
	}
}
