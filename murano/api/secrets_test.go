package api_test

import (
	"testing"

	"hearth/core/store/storetest"
)

// A password in an object model stands nowhere in the database: not in the session, the
// environment or the task, nor in the stack that the application becomes.
func TestSecretsAtRest(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		const password = "Nightingale-7391"
		k.example("hot-random")
		env := k.environment("e")
		app := `{"?": {"type": "hearth.examples.Random", "id": "a", "name": "n"}, "name": "a", "password": "` + password + `", "templateParameters": {"length": 4, "salt": "` + password + `"}}`
		open := k.open(env)
		k.want(200, "PUT", env+"/services", call{session: open, body: "[" + app + "]"})
		nowhere := func(when string) {
			t.Helper()
			if found := storetest.Find(t, k.store, password); found != nil {
				t.Errorf("%s the password stands in %v", when, found)
			}
		}
		nowhere("in a session")
		k.want(200, "GET", env+"/services/a", call{session: open, contains: password})
		k.want(200, "POST", env+"/sessions/"+open+"/deploy", call{})
		nowhere("while it is deployed")
		if status := k.settled(env); status != "ready" {
			t.Fatal(status, k.reports(env))
		}
		nowhere("when it is deployed")
		k.want(200, "GET", env+"/services/a", call{contains: password})
	})
}

// Nor does one in an environment template, or in a copy of it.
func TestSecretsOfTemplatesAtRest(t *testing.T) {
	each(t, func(t *testing.T, k *kit) {
		const password = "Nightingale-7391"
		app := `{"?": {"type": "hearth.examples.Random", "id": "a"}, "password": "` + password + `"}`
		made := "/v1/templates/" + k.object("POST", "/v1/templates", call{body: `{"name": "t", "is_public": true, "services": [` + app + `]}`})["id"].(string)
		k.want(200, "POST", made+"/services", call{body: app})
		k.want(200, "POST", made+"/clone", call{body: `{"name": "copy"}`, contains: password})
		k.want(200, "POST", made+"/create-environment", call{body: `{"name": "e"}`})
		if found := storetest.Find(t, k.store, password); found != nil {
			t.Errorf("the password stands in %v", found)
		}
		k.want(200, "GET", made+"/services/a/password", call{contains: password})
	})
}
