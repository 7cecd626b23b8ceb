package cfn

import (
	"context"
	"net/url"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/yaml"
)

// ResourceARN is the ARN of a resource in a path.
type ResourceARN struct {
	ARN string `path:"arn" example:"arn:openstack:heat::project:stacks/web/id/resources/handle"`
}

// resource gives the stack and the name of the resource.
func (r *ResourceARN) resource(caller *core.Caller) (id core.Identifier, name string, err error) {
	arn := r.ARN
	if plain, err := url.PathUnescape(arn); err == nil && !strings.HasPrefix(arn, "arn:") {
		arn = plain
	}
	id, ok := core.ParseARN(arn)
	name, found := strings.CutPrefix(id.Path, "/resources/")
	if !ok || !found || name == "" || strings.Contains(name, "/") {
		return id, "", core.Errorf(core.Invalid, "ValueError", `"%s" is not a valid ARN of a resource`, arn)
	}
	return id, name, sameTenant(caller, id)
}

// signal hands the body to the resource.
func (a *API) signal(ctx context.Context, r *ResourceARN) (id core.Identifier, name string, err error) {
	caller := httpapi.CallerFrom(ctx)
	if id, name, err = r.resource(caller); err != nil {
		return id, name, err
	}
	details, err := inputOf(ctx).details()
	if err != nil {
		return id, name, err
	}
	return id, name, a.engine.Signal(ctx, caller, refOf(id), name, details)
}

// maxDetails is Heat's max_json_body_size, in bytes.
const maxDetails = 1 << 20

// details is the body of a signal: a JSON object, whatever type its sender's HTTP library
// gives it, or nothing.
func (in *input) details() (any, error) {
	if len(in.body) == 0 || in.body[0] != '{' {
		return nil, nil
	}
	if n := len(in.body); n > maxDetails {
		return nil, core.RequestLimitExceeded("JSON body size (%d bytes) exceeds maximum allowed size (%d bytes).", n, maxDetails)
	}
	v, err := yaml.DecodeJSON(in.body)
	if err != nil {
		return nil, errInvalidParameter.with(err.Error())
	}
	return v, nil
}

// signalWaitCondition answers with the metadata that the handle has now. In XML only the
// first of the two is to be seen, as upstream.
func (a *API) signalWaitCondition(ctx context.Context, r *ResourceARN) (*answer, error) {
	id, name, err := a.signal(ctx, r)
	if err != nil {
		return nil, err
	}
	metadata, err := a.engine.Metadata(ctx, httpapi.CallerFrom(ctx), refOf(id), name)
	if err != nil {
		return nil, err
	}
	if metadata == nil {
		metadata = yaml.NewMap(0)
	}
	return inputOf(ctx).answer(yaml.MapOf("resource", name, "metadata", metadata))
}

// signalled is the empty answer of webob.
type signalled struct {
	ContentType string `header:"Content-Type"`
}

func (a *API) signalResource(ctx context.Context, r *ResourceARN) (*signalled, error) {
	_, _, err := a.signal(ctx, r)
	return &signalled{"text/html; charset=UTF-8"}, err
}
