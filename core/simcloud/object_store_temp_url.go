package simcloud

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"time"
)

var errTempURL = &apiError{http.StatusUnauthorized, "Unauthorized", "Temp URL invalid"}

// admitTempURL lets a call in that a key of the account or the container has signed
// (swift/common/middleware/tempurl.py).
func admitTempURL(c *call, t *tx) error {
	expires, err := tempURLExpiry(c.query("temp_url_expires"))
	signature, digest := readSignature(c.query("temp_url_sig"))
	project, known := accountOf(c)
	if err != nil || digest == nil || !known || c.param("*") == "" || expires <= c.now.Unix() {
		return errTempURL
	}
	path := c.req.URL.Path
	if prefix := c.query("temp_url_prefix"); c.req.URL.Query().Has("temp_url_prefix") {
		if !strings.HasPrefix(c.param("*"), prefix) {
			return errTempURL
		}
		path = "prefix:" + strings.Join([]string{objectStoreMount, c.param("account"), c.param("container"), prefix}, "/")
	}
	methods := []string{c.req.Method}
	if c.req.Method == http.MethodHead {
		methods = append(methods, http.MethodGet, http.MethodPut, http.MethodPost)
	}
	for _, key := range tempURLKeys(t, project, c.param("container")) {
		for _, method := range methods {
			mac := hmac.New(digest, []byte(key))
			_, _ = fmt.Fprintf(mac, "%s\n%d\n%s", method, expires, path)
			if hmac.Equal(mac.Sum(nil), signature) {
				return nil
			}
		}
	}
	return errTempURL
}

func tempURLExpiry(s string) (int64, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.Unix(), err
}

// readSignature tells the digest by the length of the signature, or by its name before
// it. A nil digest is none that is known.
func readSignature(s string) ([]byte, func() hash.Hash) {
	var raw []byte
	var err error
	if _, text, named := strings.Cut(s, ":"); named {
		raw, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "="))
	} else {
		raw, err = hex.DecodeString(s)
	}
	if err != nil {
		return nil, nil
	}
	switch len(raw) {
	case sha1.Size:
		return raw, sha1.New
	case sha256.Size:
		return raw, sha256.New
	case sha512.Size:
		return raw, sha512.New
	}
	return nil, nil
}

func tempURLKeys(t *tx, project, container string) []string {
	var keys []string
	add := func(headers object, noun string) {
		for _, suffix := range []string{"", "-2"} {
			if key := headers.str("X-" + noun + "-Meta-Temp-Url-Key" + suffix); key != "" {
				keys = append(keys, key)
			}
		}
	}
	add(accountHeaders(t, project), "Account")
	if r := t.get("container", project+"/"+container); r != nil {
		add(r.obj("headers"), "Container")
	}
	return keys
}
