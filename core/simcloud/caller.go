package simcloud

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// A caller is what a valid token stands for, resolved anew at every call, so
// that a disabled user or a removed role counts at once.
type caller struct {
	token   *record
	user    *record
	project string // id; "" when not scoped to a project
	domain  string // id; "" when not scoped to a domain
	roles   []*record
	admin   bool
	trust   *record // nil unless the token comes from a trust
}

// tokenKey is how tokens are stored: whoever reads the file cannot use them.
func tokenKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// identify returns errUnauthorized for anything but a valid token.
func (c *Cloud) identify(t *tx, token string, now time.Time) (*caller, error) {
	if token == "" {
		return nil, errUnauthorized
	}
	r := t.get("token", tokenKey(token))
	if r == nil {
		return nil, errUnauthorized
	}
	return resolve(t, r, now)
}

// resolve follows keystone/models/token_model.py: it fails once anything the
// token rests on is gone or disabled.
func resolve(t *tx, token *record, now time.Time) (*caller, error) {
	expires, err := time.Parse(keystoneTime, token.str("expires_at"))
	if err != nil || !now.Before(expires) {
		return nil, errUnauthorized
	}
	w := &caller{token: token, user: enabled(t, "user", token.str("user_id"))}
	if w.user == nil || enabled(t, "domain", w.user.str("domain_id")) == nil {
		return nil, errUnauthorized
	}
	var ids []string
	switch token.str("scope_kind") {
	case "project":
		p := enabled(t, "project", token.str("scope_id"))
		if p == nil || enabled(t, "domain", p.str("domain_id")) == nil {
			return nil, errUnauthorized
		}
		w.project = p.id
		ids = roleIDs(t, w.user.id, "project", p.id)
	case "domain":
		d := enabled(t, "domain", token.str("scope_id"))
		if d == nil {
			return nil, errUnauthorized
		}
		w.domain = d.id
		ids = roleIDs(t, w.user.id, "domain", d.id)
	}
	if id := token.str("trust_id"); id != "" {
		if w.trust = t.get("trust", id); w.trust == nil || !trustHolds(t, w.trust, now) {
			return nil, errUnauthorized
		}
		ids = w.trust.strs("_roles")
	}
	if id := token.str("application_credential_id"); id != "" {
		cred := t.get("application_credential", id)
		if cred == nil {
			return nil, errUnauthorized
		}
		ids = cred.strs("_roles")
	}
	for _, id := range ids {
		if r := t.get("role", id); r != nil {
			w.roles = append(w.roles, r)
			w.admin = w.admin || r.str("name") == "admin"
		}
	}
	if token.str("scope_kind") != "" && len(w.roles) == 0 {
		return nil, errUnauthorized
	}
	return w, nil
}

func enabled(t *tx, kind, id string) *record {
	if r := t.get(kind, id); r != nil && r.flag("enabled") {
		return r
	}
	return nil
}
