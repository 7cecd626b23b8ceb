package cloud

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

const signatureVersion4 = "AWS4-HMAC-SHA256"

// Sign is the signature of the request with a secret, in the version that the request
// names: 2 in its Params, 4 in its header Authorization or its Params. ok is false for any
// other version (keystoneclient/contrib/ec2/utils.py).
func (r EC2Request) Sign(secret string) (signature string, ok bool) { return r.signFor(secret, r.Host) }

// SignedBy reports whether the request's Signature is that of the secret. Some clients
// leave the port out of the host that they sign; and they sign the path as it is or, as
// Heat does, unquoted: paths holds the forms it may have had.
func (r EC2Request) SignedBy(secret string, paths ...string) bool {
	hosts := []string{r.Host}
	if name, _, found := strings.Cut(r.Host, ":"); found {
		hosts = append(hosts, name)
	}
	for _, r.Path = range paths {
		for _, host := range hosts {
			if want, ok := r.signFor(secret, host); ok && hmac.Equal([]byte(want), []byte(r.Signature)) {
				return true
			}
		}
	}
	return false
}

func (r EC2Request) signFor(secret, host string) (string, bool) {
	switch {
	case strings.HasPrefix(r.header("Authorization"), signatureVersion4), r.Params["X-Amz-Algorithm"] == signatureVersion4:
		return r.version4(secret, host)
	case r.Params["SignatureVersion"] == "2" && cmp.Or(r.Params["SignatureMethod"], "HmacSHA256") == "HmacSHA256":
		text := r.Verb + "\n" + host + "\n" + r.Path + "\n" + r.query()
		return base64.StdEncoding.EncodeToString(mac([]byte(secret), text)), true
	}
	return "", false
}

func (r EC2Request) version4(secret, host string) (string, bool) {
	scope := strings.Split(r.part("Credential"), "/") // access key, date, region, service, aws4_request
	date := cmp.Or(r.header("X-Amz-Date"), r.Params["X-Amz-Date"])
	names := strings.Split(r.part("SignedHeaders"), ";")
	if len(scope) != 5 || !strings.HasPrefix(date, scope[1]) || !slices.Contains(names, "host") {
		return "", false
	}
	var headers strings.Builder
	for _, name := range names {
		value := strings.Join(strings.Fields(r.header(name)), " ")
		if name == "host" {
			value = host
		}
		headers.WriteString(name + ":" + value + "\n")
	}
	query := ""
	if r.Verb != "POST" { // there the parameters are the body, which has a sum of its own
		query = r.query()
	}
	request := sha256.Sum256([]byte(strings.Join([]string{r.Verb, r.Path, query, headers.String(), strings.Join(names, ";"), r.BodyHash}, "\n")))
	key := []byte("AWS4" + secret)
	for _, part := range scope[1:] {
		key = mac(key, part)
	}
	text := strings.Join([]string{signatureVersion4, date, strings.Join(scope[1:], "/"), hex.EncodeToString(request[:])}, "\n")
	return hex.EncodeToString(mac(key, text)), true
}

// part is a part of a signature of version 4: of the header, or of a signed query.
func (r EC2Request) part(name string) string {
	if _, rest, found := strings.Cut(r.header("Authorization"), name+"="); found {
		value, _, _ := strings.Cut(rest, ",")
		return value
	}
	return r.Params["X-Amz-"+name]
}

func (r EC2Request) header(name string) string {
	for have, value := range r.Headers {
		if strings.EqualFold(have, name) {
			return value
		}
	}
	return ""
}

// query is the parameters in order, percent-encoded, without the signature.
func (r EC2Request) query() string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		if name != "Signature" && name != "X-Amz-Signature" {
			out = append(out, awsQuote(name)+"="+awsQuote(r.Params[name]))
		}
	}
	return strings.Join(out, "&")
}

// awsQuote encodes every byte but those that RFC 3986 calls unreserved.
func awsQuote(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte("-_.~", b) >= 0:
			out.WriteByte(b)
		default:
			out.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{b})))
		}
	}
	return out.String()
}

// At is when the request says that it was signed; the zero time when it does not say, or
// in no way that can be read.
func (r EC2Request) At() time.Time {
	text := cmp.Or(r.Params["Timestamp"], r.header("X-Amz-Date"), r.Params["X-Amz-Date"])
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "20060102T150405Z"} {
		if at, err := time.Parse(form, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
