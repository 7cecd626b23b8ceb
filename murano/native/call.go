package native

import (
	"context"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// object is the type of parameters that take an object of the program.
var object = yaql.Host("object", func(v any) bool { _, ok := v.(*muranopl.Object); return ok })

// begin gives what a native function works with.
func begin(c *yaql.Call) (*muranopl.Thread, *Session, error) {
	th := muranopl.ThreadOf(c)
	s := SessionOf(th)
	if s == nil {
		return nil, nil, failure("Exception", "The program has no session: it can reach nothing outside")
	}
	return th, s, nil
}

// wait runs do while other threads of the program run. The end of the program is returned as
// such, whatever do makes of it, for no program to catch.
func wait(th *muranopl.Thread, do func(ctx context.Context) error) error {
	err := th.Wait(do)
	if err != nil && th.Context().Err() != nil {
		return th.Context().Err()
	}
	return err
}

// client is the cloud in a region; "" is the configured one.
func (s *Session) client(ctx context.Context, region string) (*cloud.Client, error) {
	if s.Cloud == nil {
		return nil, core.Errorf(core.Unavailable, "EndpointNotFound", "There is no cloud to ask.")
	}
	c, err := s.Cloud(ctx)
	if err != nil {
		return nil, err
	}
	return c.InRegion(region), nil
}

// regionOf is the region that a native object of another object works in: the one that it was
// given, else that of the CloudRegion around, "" when there is none.
func regionOf(th *muranopl.Thread, this *muranopl.Object, given any) (string, error) {
	if given != nil {
		return str(given), nil
	}
	region := this.FindOwner("io.murano.CloudRegion")
	if region == nil {
		return "", nil
	}
	name, err := region.Property(th, "name")
	if err != nil || name == nil {
		return "", err
	}
	return str(name), nil
}

// str is Python's str of a value.
func str(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	s, err := (*yaql.Run)(nil).PyStr(v)
	if err != nil {
		return yaql.TypeName(v)
	}
	return s
}

// data turns a value of a program into data as JSON has it. It returns TypeError for objects,
// types and other things that JSON does not know.
func data(v any) (any, error) {
	out, err := yaql.Export(v, func(n int) yaql.MapBuilder { return yaml.NewMap(n) })
	if err != nil {
		return nil, err
	}
	return out, serializable(out)
}

func serializable(v any) error {
	switch v := v.(type) {
	case nil, string:
		return nil
	case []any:
		for _, item := range v {
			if err := serializable(item); err != nil {
				return err
			}
		}
		return nil
	case *yaml.Map:
		for _, item := range v.All() {
			if err := serializable(item); err != nil {
				return err
			}
		}
		return nil
	}
	if yaml.IsNumber(v) {
		return nil
	}
	return failure("TypeError", "Object of type %s is not JSON serializable", yaql.TypeName(v))
}

// mapping is data for what must be a dictionary.
func mapping(v any) (*yaml.Map, error) {
	d, err := data(v)
	if err != nil {
		return nil, err
	}
	m, ok := d.(*yaml.Map)
	if !ok {
		return nil, failure("TypeError", "'%s' object is not a mapping", yaml.TypeName(d))
	}
	return m, nil
}
