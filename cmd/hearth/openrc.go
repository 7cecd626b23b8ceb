package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writeLogins writes openrc and clouds.yaml, with which the clients log in.
func writeLogins(c *Config, s *secrets) error {
	abs, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	rc := []struct{ name, value string }{
		{"OS_AUTH_URL", c.authURL()}, {"OS_USERNAME", "admin"}, {"OS_PASSWORD", s.AdminPassword}, {"OS_PROJECT_NAME", "admin"},
		{"OS_USER_DOMAIN_NAME", "Default"}, {"OS_PROJECT_DOMAIN_NAME", "Default"}, {"OS_REGION_NAME", c.Region},
		{"OS_IDENTITY_API_VERSION", "3"}, {"OS_CLIENT_CONFIG_FILE", filepath.Join(abs, "clouds.yaml")},
	}
	var b strings.Builder
	for _, v := range rc {
		fmt.Fprintf(&b, "export %s=%s\n", v.name, shellQuote(v.value))
	}
	if err := replaceFile(filepath.Join(c.Data, "openrc"), b.String()); err != nil {
		return err
	}
	b.Reset()
	b.WriteString("clouds:\n")
	for _, cloud := range []struct{ name, user string }{{"hearth", "admin"}, {"hearth-demo", "demo"}} {
		fmt.Fprintf(&b, `  %s:
    auth:
      auth_url: %s
      username: %s
      password: %s
      project_name: %s
      user_domain_name: Default
      project_domain_name: Default
    region_name: %s
    identity_api_version: 3
`, cloud.name, c.authURL(), cloud.user, s.AdminPassword, cloud.user, c.Region)
	}
	return replaceFile(filepath.Join(c.Data, "clouds.yaml"), b.String())
}

// replaceFile writes a file of secrets whole.
func replaceFile(path, content string) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, []byte(content), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
