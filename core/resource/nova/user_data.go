package nova

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"strings"

	"github.com/google/uuid"

	"hearth/core/cloud"
	"hearth/core/resource"
	"hearth/core/yaml"
)

// userData is what the server gets for cloud-init: the text of user_data, or of the
// software config that it names, in the form that user_data_format wants
// (heat/engine/clients/os/nova.py build_userdata).
func userData(ctx context.Context, c *resource.Context) (string, error) {
	text, err := configText(ctx, c, c.Properties.String("user_data"))
	if err != nil {
		return "", err
	}
	format, metadata := c.Properties.String("user_data_format"), c.Metadata
	if format == softwareConfig {
		metadata = metadata.Clone()
		if err := (server{}).Inform(ctx, c, metadata); err != nil {
			return "", err
		}
	}
	if format == "RAW" || text == "" && metadata.Len() == 0 {
		return text, nil
	}
	var parts []part
	if text != "" {
		parts = append(parts, part{name: "userdata", kind: contentKind(text), text: text})
	}
	if format == softwareConfig {
		if inner := split(text); len(inner) > 0 {
			parts = inner
		}
	}
	if metadata.Len() > 0 {
		parts = append(parts, part{name: "part-handler.py", kind: "part-handler", text: metadataHandler},
			part{name: "cfn-init-data", kind: "x-cfninitdata", text: yaml.Dumps(metadata, false)})
	}
	return join(c, parts)
}

// configText is the config behind an id, or the text itself when it is none.
func configText(ctx context.Context, c *resource.Context, text string) (string, error) {
	if uuid.Validate(text) != nil || c.Configs == nil {
		return text, nil
	}
	cfg, err := c.Configs.FindConfig(ctx, text)
	if cloud.NotFound(err) {
		return text, nil
	}
	if err != nil {
		return "", err
	}
	var body yaml.Map
	if err := body.UnmarshalJSON(cfg.Config); err != nil {
		return "", err
	}
	config, _ := body.Get("config")
	if config == nil {
		return "", nil
	}
	return yaml.Str(config), nil
}

// metadataHandler teaches cloud-init to put the metadata where cfn-init looks for it.
const metadataHandler = `#part-handler
import os


def list_types():
    return ["text/x-cfninitdata"]


def handle_part(data, ctype, filename, payload):
    if ctype == "text/x-cfninitdata":
        os.makedirs("/var/lib/heat-cfntools", mode=0o700, exist_ok=True)
        with open(os.path.join("/var/lib/heat-cfntools", filename), "w") as out:
            out.write(payload)
`

// A part is one part of a multipart message: text/<kind> under a file name.
type part struct{ name, kind, text string }

// contentKind is the kind that cloud-init goes by, from the first line.
func contentKind(text string) string {
	for _, k := range []struct{ start, kind string }{
		{"#cloud-config", "cloud-config"}, {"#include", "x-include-url"}, {"#cloud-boothook", "cloud-boothook"},
		{"#part-handler", "part-handler"}, {"#upstart-job", "upstart-job"}, {"## template: jinja", "jinja2"},
	} {
		if strings.HasPrefix(text, k.start) {
			return k.kind
		}
	}
	return "x-shellscript"
}

// split takes a multipart message apart; nil for any other text.
func split(text string) []part {
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return nil
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return nil
	}
	var out []part
	for r := multipart.NewReader(message.Body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err != nil {
			return out
		}
		body, err := io.ReadAll(p)
		if err != nil {
			return out
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			kind = "text/plain"
		}
		if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
			if plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(body)), "")); err == nil {
				body = plain
			}
		}
		_, subtype, _ := strings.Cut(kind, "/")
		out = append(out, part{name: p.FileName(), kind: subtype, text: string(body)})
	}
}

// join makes the multipart message. Its boundary is the same at every attempt.
func join(c *resource.Context, parts []part) (string, error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if err := w.SetBoundary("part-" + c.ID); err != nil {
		return "", err
	}
	fmt.Fprintf(&out, "Content-Type: multipart/mixed; boundary=%q\r\nMIME-Version: 1.0\r\n\r\n", w.Boundary())
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		h.Set("Content-Type", "text/"+p.kind+`; charset="utf-8"`)
		h.Set("Content-Transfer-Encoding", "8bit")
		if p.name != "" {
			h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": p.name}))
		}
		body, err := w.CreatePart(h)
		if err != nil {
			return "", err
		}
		if _, err := io.WriteString(body, p.text); err != nil {
			return "", err
		}
	}
	return out.String(), w.Close()
}
