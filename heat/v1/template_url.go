package v1

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// templateFetchTimeout is Heat's template_fetch_timeout.
const templateFetchTimeout = 60 * time.Second

// fetchTemplate reads a template from an http or https address, with the texts of
// heat/common/urlfetch.py.
func (a *API) fetchTemplate(ctx context.Context, address string) (string, error) {
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
	res, err := a.client.Do(req)
	if err != nil {
		return "", errors.New("Failed to retrieve template: the server does not answer")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("Failed to retrieve template: %d %s for url: %s", res.StatusCode, http.StatusText(res.StatusCode), u.Redacted())
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxTemplate+1))
	if err != nil {
		return "", errors.New("Failed to retrieve template: the server broke off")
	}
	if len(text) > maxTemplate {
		return "", fmt.Errorf("Template exceeds maximum allowed size (%d bytes)", maxTemplate)
	}
	return string(text), nil
}
