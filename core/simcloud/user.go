package simcloud

import "golang.org/x/crypto/bcrypt"

// passwordCost is bcrypt's least: this cloud guards simulated machines, and
// tests create many users.
const passwordCost = bcrypt.MinCost

var users = &identityNoun{
	one: "user", many: "users", kind: "user", required: []string{"name"}, inDomain: true,
	defaults: object{"enabled": true, "options": object{}, "password_expires_at": nil},
	check: func(c *call, old *record, o object) error {
		if err := domainExists(c, o); err != nil {
			return err
		}
		if p := o.str("password"); p != "" {
			if err := setPassword(o, p); err != nil {
				return err
			}
		}
		changed := o.has("password")
		delete(o, "password")
		if old != nil && (changed || !o.flag("enabled")) {
			dropTokens(c, old.id)
		}
		return nil
	},
	removing: func(c *call, r *record) error {
		dropTokens(c, r.id)
		dropAssignments(c, "actor", "user "+r.id)
		for _, m := range c.having("membership", "user_id", r.id) {
			c.drop("membership", m.id)
		}
		for _, a := range c.having("application_credential", "user_id", r.id) {
			c.drop("application_credential", a.id)
		}
		dropEC2Credentials(c, c.having("ec2_credential", "user_id", r.id))
		for _, index := range []string{"trustor_user_id", "trustee_user_id"} {
			for _, t := range c.having("trust", index, r.id) {
				c.drop("trust", t.id)
			}
		}
		return nil
	},
}

func setPassword(o object, password string) error {
	if len(password) > 72 {
		return badRequest("The password is longer than 72 bytes.")
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), passwordCost)
	if err != nil {
		return err
	}
	o["_password"] = string(hash)
	return nil
}

func passwordIs(user *record, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(user.str("_password")), []byte(password)) == nil
}

func dropTokens(c *call, userID string) {
	for _, t := range c.having("token", "user_id", userID) {
		c.drop("token", t.id)
	}
}

func showUser(c *call) (*reply, error) {
	if err := c.self(c.param("id")); err != nil {
		return nil, err
	}
	return users.show(c)
}

// changePassword needs the old password rather than a token.
func changePassword(c *call) (*reply, error) {
	in, err := c.want("user")
	if err != nil {
		return nil, err
	}
	u := c.get("user", c.param("id"))
	if u == nil || !passwordIs(u, in.str("original_password")) {
		return nil, errUnauthorized
	}
	if in.str("password") == "" {
		return nil, badRequest("Invalid input for field 'password': is a required property")
	}
	next := u.clone()
	if err := setPassword(next.object, in.str("password")); err != nil {
		return nil, err
	}
	dropTokens(c, u.id)
	c.put("user", next)
	return noContent()
}
