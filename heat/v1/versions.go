package v1

import (
	"net/http"

	"hearth/core/httpapi"
)

type version struct {
	ID     string       `json:"id"`
	Status string       `json:"status"`
	Links  []versionRef `json:"links"`
}

type versionRef struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// versions is the version document: 300 with the one version there is.
func (a *API) versions(w http.ResponseWriter, r *http.Request) {
	v := version{ID: "v1.0", Status: "CURRENT", Links: []versionRef{{Rel: "self", Href: httpapi.MountURL(r) + "/v1/"}}}
	httpapi.WriteJSON(w, http.StatusMultipleChoices, map[string][]version{"versions": {v}})
}
