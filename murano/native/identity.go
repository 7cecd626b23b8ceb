package native

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// noun is a kind of thing of the identity service that io.murano has a class for.
type noun struct {
	class, collection, key string
	own                    []string // fields that are properties of the class
	hidden                 []string // fields that programs do not see
}

// lookUp makes an object of what the identity service knows of a user or a project. When it
// does not tell the caller, known has to do.
func (n *noun) lookUp(c *yaql.Call, known func(s *Session) *yaml.Map) (any, error) {
	th, s, err := begin(c)
	if err != nil {
		return nil, err
	}
	if s.Caller == nil {
		return nil, failure("Exception", "The programs act for nobody")
	}
	fields := known(s)
	if s.Cloud != nil {
		id, _ := fields.Get("id")
		err := wait(th, func(ctx context.Context) error {
			found, err := n.read(ctx, s, str(id))
			if code := core.ErrorCode(err); code == core.Forbidden || code == core.NotFound {
				return nil
			}
			if err == nil {
				fields = found
			}
			return err
		})
		if err != nil {
			return nil, named(err, func(e *core.Error) string { return "keystoneauth1.exceptions.http." + e.Type })
		}
	}
	return muranopl.New(c, n.class, n.properties(fields))
}

func (n *noun) read(ctx context.Context, s *Session, id string) (*yaml.Map, error) {
	client, err := s.client(ctx, "")
	if err != nil {
		return nil, err
	}
	identity, err := client.Identity()
	if err != nil {
		return nil, err
	}
	answer, err := cloud.Call(ctx, identity, "GET", n.collection+"/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	v, _ := answer.Get(n.key)
	found, ok := v.(*yaml.Map)
	if !ok {
		return nil, core.EntityNotFound(n.key, id)
	}
	return found, nil
}

func (n *noun) properties(fields *yaml.Map) *yaql.Dict {
	out, extra := yaml.MapOf("domain", "Default"), yaml.NewMap(0)
	for name, v := range fields.All() {
		switch {
		case name == "domain_id":
			out.Set("domain", v)
		case slices.Contains(n.own, name):
			out.Set(name, v)
		case !slices.Contains(n.hidden, name):
			extra.Set(name, v)
		}
	}
	out.Set("extra", extra)
	return yaql.Input(out).(*yaql.Dict)
}

// static makes a static method that looks up.
func (n *noun) static(name string, known func(s *Session) *yaml.Map) muranopl.NativeMethod {
	return muranopl.NativeMethod{Usage: "Static", Function: &yaql.Function{Name: name,
		Body: func(c *yaql.Call) (any, error) { return n.lookUp(c, known) }}}
}

// owner is who made the environment; the caller when that is not known.
func (s *Session) owner() *core.Caller { return cmp.Or(s.Owner, s.Caller) }
