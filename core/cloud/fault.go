package cloud

import (
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"regexp"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
)

// faultOf reads the service's answer out of a gophercloud error, nil when there is none.
func faultOf(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	e, ok := errors.AsType[gophercloud.ErrUnexpectedResponseCode](err)
	if !ok {
		return nil
	}
	f := &Fault{Status: e.Actual, RequestID: requestID(e.ResponseHeader)}
	f.Kind, f.Message = readFault(e.Body)
	if f.Message == "" {
		f.Message = http.StatusText(e.Actual)
	}
	return f
}

func requestID(h http.Header) string {
	for _, name := range []string{"X-Openstack-Request-Id", "X-Compute-Request-Id"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

// readFault understands the error bodies of all services: {"NeutronError": {type,
// message, detail}}, {"itemNotFound": {code, message}}, {"error": {message}},
// {"errors": [{detail}]}, {"faultstring": …} and Glance's HTML.
func readFault(body []byte) (kind, message string) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return "", plainText(string(body))
	}
	var flat struct{ Message, Faultstring, Description string }
	if json.Unmarshal(body, &flat) == nil {
		for _, s := range []string{flat.Faultstring, flat.Message, flat.Description} {
			if s != "" {
				return "", s
			}
		}
	}
	for name, raw := range fields {
		var one struct{ Type, Message, Detail string }
		if json.Unmarshal(raw, &one) == nil && one.Message != "" {
			if name != "NeutronError" {
				return "", one.Message
			}
			return one.Type, strings.TrimSpace(one.Message + " " + one.Detail)
		}
		var many []struct{ Title, Detail string }
		if json.Unmarshal(raw, &many) == nil && len(many) > 0 {
			return "", many[0].Detail
		}
		var text string
		if json.Unmarshal(raw, &text) == nil && name == "NeutronError" {
			return "", text
		}
	}
	return "", ""
}

var (
	htmlTitle = regexp.MustCompile(`(?s)<head>.*</head>|<h1>.*</h1>`)
	htmlTag   = regexp.MustCompile(`<[^>]*>`)
)

// plainText is the message in Glance's HTML page, in one line.
func plainText(s string) string {
	s = htmlTag.ReplaceAllString(htmlTitle.ReplaceAllString(s, ""), " ")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}
