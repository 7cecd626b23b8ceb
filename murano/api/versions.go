package api

import (
	"encoding/json"
	"net/http"

	"hearth/core/httpapi"
)

// Versions answers whatever is not below /v1: the list of versions, with 300. It needs no
// token.
func Versions(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(map[string]any{"versions": []any{map[string]any{
		"id": "v1.0", "status": "CURRENT",
		"links": []any{map[string]any{"rel": "self", "href": httpapi.MountURL(r) + "/v1/"}},
	}}})
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", typeJSON)
	w.WriteHeader(http.StatusMultipleChoices)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}
