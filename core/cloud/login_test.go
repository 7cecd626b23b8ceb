package cloud_test

import (
	"testing"

	"hearth/core"
	"hearth/core/cloud"
)

// A password gives a caller in the project that is asked for.
func TestLogin(t *testing.T) {
	s := newSite(t)
	c := s.cloud(true, nil)
	login := cloud.PasswordLogin{UserName: "demo", Password: "secret", UserDomain: "Default", ProjectName: "demo", ProjectDomain: "Default"}
	caller, err := c.Login(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Authenticate(t.Context(), caller.Token)
	if err != nil {
		t.Fatal(err)
	}
	if caller.UserName != "demo" || caller.ProjectID == "" || again.ProjectID != caller.ProjectID {
		t.Errorf("%+v %+v", caller, again)
	}
	for _, wrong := range []func(*cloud.PasswordLogin){
		func(l *cloud.PasswordLogin) { l.Password = "wrong" },
		func(l *cloud.PasswordLogin) { l.UserName = "nobody" },
		func(l *cloud.PasswordLogin) { l.ProjectName = "nowhere" },
		func(l *cloud.PasswordLogin) { l.UserDomain = "nowhere" },
	} {
		l := login
		wrong(&l)
		if _, err := c.Login(t.Context(), l); core.ErrorCode(err) != core.Unauthorized {
			t.Errorf("%+v: %v", l, err)
		}
	}
}
