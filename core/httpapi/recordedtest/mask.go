package recordedtest

import (
	"regexp"
	"slices"
	"strings"

	"hearth/core/httpapi/exchangetest"
)

// masks are for what no two runs have in common, in their order.
var masks = []exchangetest.Mask{
	{Pattern: regexp.MustCompile(`https?://[^/\s"'<>]+`), With: "http://HOST"},
	{Pattern: regexp.MustCompile(`req-[0-9a-f]{8}-[0-9a-f-]{27}`), With: "REQ"},
	{Pattern: exchangetest.UUID, With: "UUID"},
	{Pattern: regexp.MustCompile(`\(\d{12,}\)`), With: "(ADDRESS)"},
	{Pattern: regexp.MustCompile(`\brec[0-9a-f]{6}`), With: "recNAME"},
	{Pattern: regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?`), With: "TIME"},
	{Pattern: regexp.MustCompile(`-[a-z0-9]{12}\b`), With: "-SHORTID"},
	{Pattern: regexp.MustCompile(`(Signature|AWSAccessKeyId|Timestamp)=[^&"\s<]+`), With: "$1=X"},
}

var hex = regexp.MustCompile(`[0-9a-f]+`)

func (p *Replay) maskText(text string) string {
	for _, m := range p.Masks {
		text = m.Pattern.ReplaceAllString(text, m.With)
	}
	for _, m := range masks {
		text = m.Pattern.ReplaceAllString(text, m.With)
	}
	return hex.ReplaceAllStringFunc(text, func(digits string) string {
		if len(digits) == 32 {
			return "HEX32"
		}
		return digits
	})
}

// The keys whose values are drawn, change from moment to moment, or are secret.
var (
	drawn = []string{"val", "value", "o", "all", "output_value", "OutputValue", "physical_resource_id", "result", "secret", "engine_id", "host", "hostname",
		"revision", "duration", "access_key", "secret_key", "traceback"}
	noise = []string{"duration", "count", "request_count", "cpu_percent", "average_response_time", "requests_per_second", "errors_per_second"}
	// The lists beside whose recorded items others stood.
	shared = []string{"stacks", "packages", "environments", "deployments"}
	secret = []string{"password", "token", "credential", "curl_cli", "X-Auth-Token"}
)

var (
	// unordered are the lists of texts whose order nobody promises.
	unordered = []string{"tags", "categories", "class_definitions"}

	drawnText = regexp.MustCompile(`^[A-Za-z0-9]{4,512}$`)
	recorders = regexp.MustCompile(`\brec[0-9a-f]{6}`)
)

// mask gives a body to be compared: what may differ is masked, and lists whose order nobody
// promises are sorted. Of a shared list only the recorder's own items are left.
func (p *Replay) mask(v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, value := range v {
			out[p.maskText(k)] = p.mask(value, k)
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		sorted := slices.Contains(unordered, key)
		for _, item := range v {
			if _, ok := item.(map[string]any); ok && slices.Contains(shared, key) && !recorders.MatchString(text(item)) {
				continue
			}
			item = p.mask(item, key)
			switch item.(type) {
			case map[string]any, []any:
				sorted = true
			}
			out = append(out, item)
		}
		if sorted {
			slices.SortStableFunc(out, func(a, b any) int { return strings.Compare(text(a), text(b)) })
		}
		return out
	case string:
		switch {
		case v != "" && slices.Contains(secret, key):
			return "SECRET"
		case slices.Contains(drawn, key) && drawnText.MatchString(v):
			return "RANDOM"
		}
		return p.maskText(v)
	case float64:
		if slices.Contains(noise, key) {
			return "NUMBER"
		}
	}
	return v
}
