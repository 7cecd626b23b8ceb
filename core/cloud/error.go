package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core"
)

// Fault is what a service of the cloud answered instead of doing what it was asked to.
// It is the cause (core.Error.Err) of the errors that Describe makes.
type Fault struct {
	Status    int    // of HTTP
	RequestID string // req-<uuid> in the service's log, "" when it gave none
	Kind      string // the exception name that Neutron gives, "" from the others
	Message   string
}

func (f *Fault) Error() string {
	if f.RequestID == "" {
		return fmt.Sprintf("%s (HTTP %d)", f.Message, f.Status)
	}
	return fmt.Sprintf("%s (HTTP %d) (Request-ID: %s)", f.Message, f.Status, f.RequestID)
}

// statusClass is the exception that OpenStack's clients raise for an HTTP status, with
// what a caller can do about it.
var statusClass = map[int]struct {
	name string
	code core.Code
}{
	http.StatusBadRequest:            {"BadRequest", core.Invalid},
	http.StatusUnauthorized:          {"Unauthorized", core.Unauthorized},
	http.StatusForbidden:             {"Forbidden", core.Forbidden},
	http.StatusNotFound:              {"NotFound", core.NotFound},
	http.StatusMethodNotAllowed:      {"MethodNotAllowed", core.Invalid},
	http.StatusNotAcceptable:         {"NotAcceptable", core.Invalid},
	http.StatusConflict:              {"Conflict", core.Conflict},
	http.StatusGone:                  {"Gone", core.NotFound},
	http.StatusRequestEntityTooLarge: {"OverLimit", core.Limit},
	http.StatusTooManyRequests:       {"RateLimit", core.Unavailable},
	http.StatusNotImplemented:        {"HTTPNotImplemented", core.Invalid},
	http.StatusBadGateway:            {"BadGateway", core.Unavailable},
	http.StatusServiceUnavailable:    {"ServiceUnavailable", core.Unavailable},
	http.StatusGatewayTimeout:        {"GatewayTimeout", core.Unavailable},
}

// neutronClass are the exceptions that python-neutronclient has a class of their own for
// (neutronclient/common/exceptions.py); every other kind goes by its status.
var neutronClass = map[string]bool{
	"NetworkNotFound": true, "PortNotFound": true, "NetworkInUse": true, "PortInUse": true, "IpAddressInUse": true,
	"MacAddressInUse": true, "IpAddressGenerationFailure": true, "ExternalIpAddressExhausted": true, "OverQuota": true,
	"IpAddressAlreadyAllocated": true, "InvalidIpForNetwork": true, "InvalidIpForSubnet": true, "StateInvalid": true,
	"OverlappingAllocationPools": true, "OutOfBoundsAllocationPool": true, "RouterInUse": true,
}

// Describe turns an error of a call to the cloud into a core.Error as Heat's events show
// it: the exception's name as Type and "message (HTTP n) (Request-ID: req-…)" as Message,
// with the Fault as cause. Errors that are neither gophercloud's nor the network's, a
// core.Error among them, come back as they are; nil stays nil.
func Describe(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	if f := faultOf(err); f != nil {
		return describeFault(f)
	}
	if e, ok := errors.AsType[*gophercloud.ErrUnableToReauthenticate](err); ok {
		if why, ok := errors.AsType[*core.Error](e.ErrReauth); ok {
			return why
		}
		return &core.Error{Code: core.Unauthorized, Type: "Unauthorized", Message: "The credentials of the stack are no longer valid.", Err: e}
	}
	var netErr net.Error
	switch urlErr, isURL := errors.AsType[*url.Error](err); {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &netErr) && netErr.Timeout():
		return unavailable("The request to the cloud timed out.", err)
	case isURL:
		return unavailable("Unable to establish connection to "+endpointOf(urlErr.URL)+".", err)
	}
	return err
}

func describeFault(f *Fault) *core.Error {
	class, ok := statusClass[f.Status]
	if !ok {
		class.name, class.code = "ClientException", core.Invalid
		if f.Status >= 500 {
			class.code = core.Unavailable
		}
	}
	if neutronClass[f.Kind] {
		class.name = f.Kind + "Client"
	}
	if f.Kind == "OverQuota" {
		class.code = core.Limit
	}
	return &core.Error{Code: class.code, Type: class.name, Message: f.Error(), Err: f}
}

// endpointOf cuts an address to its host: paths and queries may hold secrets.
func endpointOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the cloud"
	}
	return u.Scheme + "://" + u.Host
}

// NotFound reports whether err says that the object is not there.
func NotFound(err error) bool {
	return gophercloud.ResponseCodeIs(err, http.StatusNotFound) || core.ErrorCode(err) == core.NotFound
}

// Conflict reports whether err says that the state of the object forbids the call now.
func Conflict(err error) bool {
	return gophercloud.ResponseCodeIs(err, http.StatusConflict) || core.ErrorCode(err) == core.Conflict
}

// IgnoreNotFound is Describe for deletes: an object that is not there is success.
func IgnoreNotFound(err error) error {
	if NotFound(err) {
		return nil
	}
	return Describe(err)
}

func unavailable(message string, cause error) *core.Error {
	return &core.Error{Code: core.Unavailable, Type: "ConnectFailure", Message: message, Err: cause}
}

// unauthorized is Describe for logging in, where 404 also means "not valid".
func unauthorized(err error) error {
	if f := faultOf(err); f != nil && f.Status < 500 && f.Status != http.StatusTooManyRequests {
		return &core.Error{Code: core.Unauthorized, Type: "Unauthorized", Message: f.Error(), Err: f}
	}
	return Describe(err)
}
