package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// TemplateFetchTimeout is Heat's template_fetch_timeout.
const TemplateFetchTimeout = 60 * time.Second

// FetchTemplate reads a template of at most limit bytes from an http or https address, with
// the texts of heat/common/urlfetch.py. Its errors are fit to be shown.
func FetchTemplate(ctx context.Context, client *http.Client, address string, limit int) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("Invalid URL")
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("Invalid URL scheme %s", u.Scheme)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", errors.New("Invalid URL")
	}
	res, err := client.Do(req)
	if err != nil {
		return "", errors.New("Failed to retrieve template: the server does not answer")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("Failed to retrieve template: %d %s for url: %s", res.StatusCode, http.StatusText(res.StatusCode), u.Redacted())
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, int64(limit)+1))
	if err != nil {
		return "", errors.New("Failed to retrieve template: the server broke off")
	}
	if len(text) > limit {
		return "", fmt.Errorf("Template exceeds maximum allowed size (%d bytes)", limit)
	}
	return string(text), nil
}
