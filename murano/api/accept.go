package api

import (
	"net/http"
	"strconv"
	"strings"

	"hearth/core/httpapi"
)

// best gives the one of the offered media types that the client likes best, of equals the
// first; "" when it accepts none, or says nothing.
func best(r *http.Request, offers ...string) string {
	winner, top := "", 0.0
	for _, offer := range offers {
		if q := quality(r.Header.Get("Accept"), offer); q > top {
			winner, top = offer, q
		}
	}
	return winner
}

// acceptable returns 406 when the client accepts none of the types.
func acceptable(r *http.Request, offers ...string) error {
	if r.Header.Get("Accept") == "" || best(r, offers...) != "" {
		return nil
	}
	return &httpapi.Problem{Status: http.StatusNotAcceptable}
}

// quality is how much an Accept header likes a media type: the q of its most specific
// range that fits.
func quality(accept, offer string) float64 {
	kind, _, _ := strings.Cut(offer, "/")
	q, specific := 0.0, 0
	for part := range strings.SplitSeq(accept, ",") {
		fields := strings.Split(part, ";")
		rank := 0
		switch strings.ToLower(strings.TrimSpace(fields[0])) {
		case offer:
			rank = 3
		case kind + "/*":
			rank = 2
		case "*/*", "*":
			rank = 1
		}
		if rank <= specific {
			continue
		}
		q, specific = 1, rank
		for _, f := range fields[1:] {
			if v, ok := strings.CutPrefix(strings.TrimSpace(f), "q="); ok {
				if n, err := strconv.ParseFloat(v, 64); err == nil {
					q = n
				}
			}
		}
	}
	return q
}
