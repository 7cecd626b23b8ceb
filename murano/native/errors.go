package native

import (
	"errors"
	"fmt"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano/muranopl"
)

// failure makes an error that programs catch by the name of upstream's exception, its module
// included.
func failure(name, format string, args ...any) error {
	return &muranopl.Error{Name: name, Message: fmt.Sprintf(format, args...)}
}

// keyError is Python's, whose text is the representation of what it was given.
func keyError(format string, args ...any) error {
	return failure("KeyError", "%s", yaml.Repr(fmt.Sprintf(format, args...)))
}

// httpNames are the exceptions of heatclient and glanceclient by what a caller can do.
var httpNames = map[core.Code]string{
	core.Invalid: "HTTPBadRequest", core.Unauthorized: "HTTPUnauthorized", core.Forbidden: "HTTPForbidden", core.NotFound: "HTTPNotFound",
	core.Conflict: "HTTPConflict", core.Limit: "HTTPForbidden", core.Unavailable: "HTTPServiceUnavailable", core.Timeout: "HTTPServiceUnavailable",
}

// httpError is an error of the orchestration or image service under the name that the
// service's client (heatclient, glanceclient) raises it by.
func httpError(client string, err error) error {
	return named(err, func(e *core.Error) string {
		if name, ok := httpNames[e.Code]; ok {
			return client + ".exc." + name
		}
		return client + ".exc.HTTPInternalServerError"
	})
}

// neutronError is an error of the network service under the name that neutronclient raises it
// by.
func neutronError(err error) error {
	return named(err, func(e *core.Error) string { return "neutronclient.common.exceptions." + e.Type })
}

func named(err error, name func(*core.Error) string) error {
	e, ok := errors.AsType[*core.Error](err)
	switch {
	case !ok:
		return err
	case e.Type == "EndpointNotFound":
		return failure("keystoneauth1.exceptions.catalog.EndpointNotFound", "%s", e.Message)
	}
	return failure(name(e), "%s", e.Message)
}
