package v1

import (
	"context"
	"net/http"
	"strings"

	"hearth/core"
	"hearth/core/httpapi"
)

// StackName is a stack in a path by its name, its id or its ARN.
type StackName struct {
	Name string `path:"stack_name" doc:"The name, the id, or the ARN of a stack (arn:openstack:heat::project:stacks/name/id)." example:"web"`
}

type found struct {
	Location string `header:"Location"`
	Body     webobBody
}

// lookupStack sends the client to the path with name and id. It must repeat method and
// body there.
func (a *API) lookupStack(ctx context.Context, in *StackName) (*found, error) {
	return a.redirect(ctx, in.Name, "")
}

// lookupPart gives a lookup of what is below a stack.
func (a *API) lookupPart(part string) func(context.Context, *StackName) (*found, error) {
	return func(ctx context.Context, in *StackName) (*found, error) { return a.redirect(ctx, in.Name, part) }
}

func (a *API) redirect(ctx context.Context, name, part string) (*found, error) {
	id, isARN := core.ParseARN(name)
	if !isARN {
		var err error
		if id, err = a.engine.Identify(ctx, httpapi.CallerFrom(ctx), name); err != nil {
			return nil, err
		}
	}
	var to strings.Builder
	to.WriteString(links(ctx).to(id))
	if part != "" {
		to.WriteString("/" + part)
	}
	if q := httpapi.Request(ctx).URL.RawQuery; q != "" {
		to.WriteString("?" + q)
	}
	at := to.String()
	return &found{at, webob(http.StatusFound, `The resource was found at <a href="`+at+`">`+at+"</a>;\nyou should be redirected automatically.\n\n")}, nil
}
