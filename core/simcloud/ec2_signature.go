package simcloud

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"
)

// The signatures of Amazon's APIs, versions 2 and 4, as Keystone computes them
// (keystoneclient/contrib/ec2/utils.py).

const sigV4 = "AWS4-HMAC-SHA256"

// ec2Signature is the signature that secret makes for a request, in the version that the
// request names; known is false for another.
func ec2Signature(in object, secret, host string) (signature string, known bool) {
	params, headers := in.obj("params"), in.obj("headers")
	switch {
	case params.str("SignatureVersion") == "2":
		text := in.str("verb") + "\n" + host + "\n" + in.str("path") + "\n" + canonicalQuery(params)
		return base64.StdEncoding.EncodeToString(hmacSHA256([]byte(secret), text)), true
	case strings.HasPrefix(headers.str("Authorization"), sigV4), params.str("X-Amz-Algorithm") == sigV4:
		return signatureV4(in, secret, host)
	}
	return "", false
}

func signatureV4(in object, secret, host string) (signature string, known bool) {
	params, headers := in.obj("params"), in.obj("headers")
	auth := func(name string) string {
		if _, rest, found := strings.Cut(headers.str("Authorization"), name+"="); found {
			value, _, _ := strings.Cut(rest, ",")
			return value
		}
		return params.str("X-Amz-" + name)
	}
	scope := strings.Split(auth("Credential"), "/") // access, date, region, service, aws4_request
	date := cmp.Or(headers.str("X-Amz-Date"), params.str("X-Amz-Date"))
	if len(scope) < 5 || !strings.HasPrefix(date, scope[1]) {
		return "", false
	}
	lower := map[string]string{}
	for name, value := range headers {
		if text, ok := value.(string); ok {
			lower[strings.ToLower(strings.TrimSpace(name))] = strings.Join(strings.Fields(text), " ")
		}
	}
	if _, signed := lower["host"]; signed && host != in.str("host") {
		lower["host"] = host
	}
	var canonical strings.Builder
	for name := range strings.SplitSeq(auth("SignedHeaders"), ";") {
		if value, ok := lower[name]; ok {
			canonical.WriteString(name + ":" + value + "\n")
		}
	}
	query := ""
	if in.str("verb") != "POST" { // there the parameters are the body, which has its own sum
		query = canonicalQuery(params)
	}
	request := strings.Join([]string{strings.ToUpper(in.str("verb")), in.str("path"), query, canonical.String(), auth("SignedHeaders"), in.str("body_hash")}, "\n")
	sum := sha256.Sum256([]byte(request))
	key := []byte("AWS4" + secret)
	for _, part := range []string{scope[1], scope[2], scope[3], "aws4_request"} {
		key = hmacSHA256(key, part)
	}
	text := strings.Join([]string{sigV4, date, strings.Join(scope[1:], "/"), hex.EncodeToString(sum[:])}, "\n")
	return hex.EncodeToString(hmacSHA256(key, text)), true
}

// ec2Hosts are the hosts that a signature may be for: some clients leave out the port.
func ec2Hosts(host string) []string {
	if name, _, found := strings.Cut(host, ":"); found {
		return []string{host, name}
	}
	return []string{host}
}

// canonicalQuery is the parameters in order, quoted, without the signature itself.
func canonicalQuery(params object) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if name != "Signature" && name != "X-Amz-Signature" {
			out = append(out, ec2Quote(name)+"="+ec2Quote(params.str(name)))
		}
	}
	return strings.Join(out, "&")
}

// ec2Quote leaves alone what RFC 3986 calls unreserved.
func ec2Quote(text string) string {
	const digits = "0123456789ABCDEF"
	var out strings.Builder
	for _, b := range []byte(text) {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte("-_.~", b) >= 0:
			out.WriteByte(b)
		default:
			out.Write([]byte{'%', digits[b>>4], digits[b&15]})
		}
	}
	return out.String()
}

// signedAt is the time that a signed request names. One that cannot be read is long ago.
func signedAt(in object) (at time.Time, given bool) {
	text := cmp.Or(in.obj("params").str("Timestamp"), in.obj("headers").str("X-Amz-Date"), in.obj("params").str("X-Amz-Date"))
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "20060102T150405Z"} {
		if at, err := time.Parse(form, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, text != ""
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
