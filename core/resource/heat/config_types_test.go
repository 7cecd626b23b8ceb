package heat_test

import (
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
	"hearth/core/yaml"
)

func TestCloudConfig(t *testing.T) {
	lab := resourcetest.New(t)
	for _, tc := range []struct {
		properties []any
		want       string
	}{
		{nil, "#cloud-config\nnull\n"},
		{[]any{"cloud_config", yaml.MapOf("runcmd", []any{"echo 1"}, "packages", []any{"a", "b"})}, "#cloud-config\npackages:\n- a\n- b\nruncmd:\n- echo 1\n"},
		{[]any{"cloud_config", yaml.MapOf("k", "line1\nline2\n", "u", "é", "m", "")}, "#cloud-config\nk: 'line1\n\n  line2\n\n  '\nm: ''\nu: \"\\xE9\"\n"},
	} {
		r := lab.Created(heat.Types, "OS::Heat::CloudConfig", "c", tc.properties...)
		if d := cmp.Diff(tc.want, r.Attribute("config")); d != "" {
			t.Error(d)
		}
		if cfg, err := lab.Configs.FindConfig(t.Context(), r.PhysicalID); err != nil || cfg.Group != "Heat::Ungrouped" {
			t.Errorf("stored %+v, %v", cfg, err)
		}
	}
}

func TestSoftwareComponent(t *testing.T) {
	lab := resourcetest.New(t)
	config := func(config, tool string, actions ...any) *yaml.Map {
		m := yaml.MapOf("config", config, "tool", tool)
		if actions != nil {
			m.Set("actions", actions)
		}
		return m
	}
	r := lab.Created(heat.Types, "OS::Heat::SoftwareComponent", "c", "configs", []any{config("x", "script"), config("y", "script", "DELETE")},
		"options", yaml.MapOf("a", int64(1)))
	cfg, err := lab.Configs.FindConfig(t.Context(), r.PhysicalID)
	if err != nil {
		t.Fatal(err)
	}
	var stored struct {
		Config struct {
			Configs []struct {
				Actions      []string
				Config, Tool string
			}
		}
		Options map[string]int
	}
	if err := json.Unmarshal(cfg.Config, &stored); err != nil {
		t.Fatal(err)
	}
	if c := stored.Config.Configs; len(c) != 2 || !cmp.Equal(c[0].Actions, []string{"CREATE", "UPDATE"}) || c[1].Config != "y" || stored.Options["a"] != 1 {
		t.Errorf("stored %s", cfg.Config)
	}
	if cfg.Group != "component" || r.Attribute("config") != nil {
		t.Errorf("group %s, attribute %v", cfg.Group, r.Attribute("config"))
	}
	twice := lab.Resource(heat.Types, "OS::Heat::SoftwareComponent", "c", "configs", []any{config("x", "a", "CREATE"), config("y", "b", "CREATE")})
	const want = `Defining more than one configuration for the same action in SoftwareComponent "c" is not allowed.`
	if err := twice.Validate(); errorText(err) != want {
		t.Errorf("got %v", err)
	}
}

// part is one part of a message as a mail reader sees it.
type part struct{ Kind, File, Text string }

func readMessage(t *testing.T, message string) []part {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatal(kind, err)
	}
	var parts []part
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{p.Header.Get("Content-Type") + " " + p.Header.Get("Content-Transfer-Encoding"), p.FileName(), string(text)})
	}
}

func TestMultipartMime(t *testing.T) {
	lab := resourcetest.New(t)
	script := lab.Created(heat.Types, "OS::Heat::SoftwareConfig", "s", "config", "#!/bin/sh\n")
	cloudConfig := lab.Created(heat.Types, "OS::Heat::CloudConfig", "c", "cloud_config", yaml.MapOf("a", int64(1)))
	properties := []any{"group", "g", "parts", []any{
		yaml.MapOf("config", script.PhysicalID, "filename", `x "1".sh`, "subtype", "x-shellscript"),
		yaml.MapOf("config", cloudConfig.PhysicalID, "filename", "cloud-config.yaml"),
		yaml.MapOf("config", "grüß Gott"),
		yaml.MapOf("config", "5a1f7a2e-0000-4000-8000-000000000000", "filename", "ü"),
	}}
	first := lab.Created(heat.Types, "OS::Heat::MultipartMime", "m", properties...)
	message := first.Attribute("config").(string)
	want := []part{
		{`text/x-shellscript; charset="us-ascii" 7bit`, `x "1".sh`, "#!/bin/sh\n"},
		{`text/cloud-config; charset="us-ascii" 7bit`, "cloud-config.yaml", "#cloud-config\na: 1\n"},
		{`text/plain; charset="utf-8" base64`, "", "Z3LDvMOfIEdvdHQ=\n"},
		{`text/ü; charset="us-ascii" 7bit`, "ü", "5a1f7a2e-0000-4000-8000-000000000000"},
	}
	if d := cmp.Diff(want, readMessage(t, message)); d != "" {
		t.Error(d)
	}
	if again := lab.Created(heat.Types, "OS::Heat::MultipartMime", "m", properties...); again.Attribute("config") != message {
		t.Error("equal parts give another message")
	}

	joined := lab.Created(heat.Types, "OS::Heat::MultipartMime", "m", "parts", []any{
		yaml.MapOf("config", first.PhysicalID, "type", "multipart"),
		yaml.MapOf("config", "no message", "type", "multipart"),
		yaml.MapOf("config", "last"),
	})
	want = append(want, part{`text/plain; charset="us-ascii" 7bit`, "", "last"})
	want[3].Kind, want[3].File = `text/plain; charset="us-ascii" 7bit`, "ü"
	if d := cmp.Diff(want, readMessage(t, joined.Attribute("config").(string))); d != "" {
		t.Error(d)
	}
	if cfg, err := lab.Configs.FindConfig(t.Context(), first.PhysicalID); err != nil || cfg.Group != "g" {
		t.Errorf("stored %+v, %v", cfg, err)
	}
}
