package simcloud

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
)

// agentAddress is where a server's agent asks for its plans.
type agentAddress struct{ url, token string }

// agentMark is how Hearth's script for servers begins.
var agentMark = regexp.MustCompile(`(?m)^# hearth-agent 1\r?\nHEARTH_AGENT_URL='([^'\n]*)'\r?\nHEARTH_AGENT_TOKEN='([^'\n]*)'\r?$`)

// agentOf looks for the script in user data: as it is, or in a part of a multipart message,
// however deep.
func agentOf(userData string) (agentAddress, bool) {
	data, err := base64.StdEncoding.DecodeString(userData)
	if err != nil {
		return agentAddress{}, false
	}
	return agentIn(data, maxParts)
}

// maxParts is how deep messages lie in each other.
const maxParts = 5

func agentIn(data []byte, levels int) (agentAddress, bool) {
	if m := agentMark.FindSubmatch(data); m != nil {
		return agentAddress{string(m[1]), string(m[2])}, true
	}
	if levels == 0 {
		return agentAddress{}, false
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return agentAddress{}, false
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return agentAddress{}, false
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return agentAddress{}, false // it ends, here or too early
		}
		var content io.Reader = part
		switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
		case "base64":
			content = base64.NewDecoder(base64.StdEncoding, part)
		case "quoted-printable":
			content = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			continue
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "multipart/") {
			text = append([]byte("Content-Type: "+part.Header.Get("Content-Type")+"\r\n\r\n"), text...)
		}
		if a, ok := agentIn(text, levels-1); ok {
			return a, true
		}
	}
}
