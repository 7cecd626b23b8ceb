package heat

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"
)

// mimePart is one text of a multipart message.
type mimePart struct{ subtype, filename, content string }

// base64Line is how many characters of base64 stand on a line of a message.
const base64Line = 76

// mimeMessage writes the parts as Python's email package does, but for the boundary:
// equal parts give equal messages.
func mimeMessage(parts []mimePart) string {
	bodies := make([]string, len(parts))
	for i, p := range parts {
		bodies[i] = p.text()
	}
	boundary := boundaryOf(bodies)
	var b strings.Builder
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"%s\"\nMIME-Version: 1.0\n\n--%s\n", boundary, boundary)
	b.WriteString(strings.Join(bodies, "\n--"+boundary+"\n"))
	fmt.Fprintf(&b, "\n--%s--\n", boundary)
	return b.String()
}

// boundaryOf is nineteen digits drawn from the bodies, none of which holds them.
func boundaryOf(bodies []string) string {
	all := strings.Join(bodies, "\n")
	for sum := sha256.Sum256([]byte(all)); ; sum = sha256.Sum256(sum[:]) {
		boundary := fmt.Sprintf("===============%019d==", binary.BigEndian.Uint64(sum[:])>>1)
		if !strings.Contains(all, boundary) {
			return boundary
		}
	}
}

func (p mimePart) text() string {
	charset, encoding, content := "us-ascii", "7bit", strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(p.content)
	if !isASCII(content) {
		charset, encoding, content = "utf-8", "base64", base64Lines(p.content)
	}
	subtype := p.subtype
	if subtype == "" {
		subtype = "plain"
	}
	head := fmt.Sprintf("Content-Type: text/%s; charset=\"%s\"\nMIME-Version: 1.0\nContent-Transfer-Encoding: %s\n", oneLine(subtype), charset, encoding)
	if p.filename != "" {
		head += "Content-Disposition: attachment; " + filenameParameter(oneLine(p.filename)) + "\n"
	}
	return head + "\n" + content
}

// oneLine keeps what stands in a header from starting another one.
func oneLine(s string) string { return strings.NewReplacer("\r", "", "\n", " ").Replace(s) }

func filenameParameter(name string) string {
	if isASCII(name) {
		return `filename="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return "filename*=utf-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

func base64Lines(s string) string {
	var b strings.Builder
	for text := base64.StdEncoding.EncodeToString([]byte(s)); text != ""; {
		n := min(len(text), base64Line)
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}

// partsOf takes a multipart message apart; what is none has no parts.
func partsOf(message string) []mimePart {
	m, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		return nil
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return nil
	}
	var parts []mimePart
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err != nil {
			return parts
		}
		raw, err := io.ReadAll(p)
		if err != nil {
			return parts
		}
		part := mimePart{subtype: "plain", filename: p.FileName(), content: decoded(raw, p.Header.Get("Content-Transfer-Encoding"))}
		if kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type")); err == nil {
			_, part.subtype, _ = strings.Cut(kind, "/")
		}
		parts = append(parts, part)
	}
}

// decoded is the text behind a transfer encoding, or what stands there when it is none.
func decoded(raw []byte, encoding string) string {
	var r io.Reader
	switch strings.ToLower(encoding) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw))
	case "quoted-printable":
		r = quotedprintable.NewReader(bytes.NewReader(raw))
	default:
		return string(raw)
	}
	text, err := io.ReadAll(r)
	if err != nil || !utf8.Valid(text) {
		return string(raw)
	}
	return string(text)
}
