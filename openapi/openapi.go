// Package openapi gives the OpenAPI 3.1 documents of the product APIs, made from their
// route tables. The YAML files of this folder are those documents as they were last
// reviewed; its test finds them stale, or writes them anew with -update.
package openapi

import "hearth/core/httpapi"

// header begins a document.
const header = "# Made from the route table of the API; `make openapi` writes it anew.\n"

// Document is the document of an API, in YAML.
func Document(api *httpapi.API) []byte {
	return append([]byte(header), api.YAML()...)
}
