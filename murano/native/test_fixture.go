package native

import (
	"strings"

	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// testFixtureClass is io.murano.test.TestFixture (murano/engine/system/test_fixture.py): what
// the tests of packages are made with.
var testFixtureClass = &muranopl.Native{Name: "io.murano.test.TestFixture", Methods: []muranopl.NativeMethod{
	{Function: &yaql.Function{Name: "load", Params: []yaql.Param{yaql.P("model", yaql.Any)}, Body: func(c *yaql.Call) (any, error) {
		model, ok := c.Args[0].(*yaql.Dict)
		if !ok {
			return nil, failure("TypeError", "A model is a dictionary, not %s", yaql.TypeName(c.Args[0]))
		}
		o, err := muranopl.ThreadOf(c).Load(model)
		if o == nil {
			return nil, err
		}
		return o, err
	}}},
	// The session of a test is at work from the start.
	{Function: &yaql.Function{Name: "startEnv", Body: func(*yaql.Call) (any, error) { return nil, nil }}},
	{Function: &yaql.Function{Name: "finishEnv", Body: func(c *yaql.Call) (any, error) {
		th, s, err := begin(c)
		if err != nil {
			return nil, err
		}
		return nil, s.End(th)
	}}},
	assertion("assertEqual", []string{"expected", "observed"}, func(c *yaql.Call) (bool, string, error) {
		same, err := c.Run.Equal(c.Args[0], c.Args[1])
		return same, repr(c, 0) + " != " + repr(c, 1), err
	}),
	assertion("assertTrue", []string{"expr"}, func(c *yaql.Call) (bool, string, error) {
		return c.Bool(0), repr(c, 0) + " is not true", nil
	}),
	assertion("assertFalse", []string{"expr"}, func(c *yaql.Call) (bool, string, error) {
		return !c.Bool(0), repr(c, 0) + " is not false", nil
	}),
	assertion("assertIn", []string{"needle", "haystack"}, func(c *yaql.Call) (bool, string, error) {
		found, err := contains(c)
		return found, repr(c, 0) + " not in " + repr(c, 1), err
	}),
	assertion("assertNotIn", []string{"needle", "haystack"}, func(c *yaql.Call) (bool, string, error) {
		found, err := contains(c)
		return !found, repr(c, 1) + " matches Contains(" + repr(c, 0) + ")", err
	}),
}}

// assertion makes a method that fails under the name of testtools' exception. message, when
// given, stands in front of what is wrong.
func assertion(name string, operands []string, check func(c *yaql.Call) (holds bool, problem string, err error)) muranopl.NativeMethod {
	var params []yaql.Param
	for _, operand := range operands {
		params = append(params, yaql.P(operand, yaql.Any))
	}
	params = append(params, yaql.Opt("message", yaql.Any, nil))
	exception := "testtools.matchers._impl.MismatchError"
	if len(operands) == 1 {
		exception = "AssertionError"
	}
	return muranopl.NativeMethod{Function: &yaql.Function{Name: name, Params: params, Body: func(c *yaql.Call) (any, error) {
		holds, problem, err := check(c)
		if err != nil || holds {
			return nil, err
		}
		switch message := c.Args[len(operands)]; {
		case message == nil:
		case len(operands) == 1:
			problem += " : " + str(message)
		default:
			problem += ": " + str(message)
		}
		return nil, failure(exception, "%s", problem)
	}}}
}

// contains is Python's in.
func contains(c *yaql.Call) (bool, error) {
	switch haystack := c.Args[1].(type) {
	case string:
		needle, ok := c.Args[0].(string)
		if !ok {
			return false, failure("TypeError", "'in <string>' requires string as left operand, not %s", yaql.TypeName(c.Args[0]))
		}
		return strings.Contains(haystack, needle), nil
	case *yaql.Dict:
		_, ok, err := c.Run.Lookup(haystack, c.Args[0])
		return ok, err
	}
	items, err := c.Run.Collect(c.Args[1])
	if err != nil {
		return false, err
	}
	for _, item := range items {
		same, err := c.Run.Equal(c.Args[0], item)
		if err != nil || same {
			return same, err
		}
	}
	return false, nil
}

func repr(c *yaql.Call, i int) string {
	text, err := c.Run.Repr(c.Args[i])
	if err != nil {
		return yaml.Repr(str(c.Args[i]))
	}
	return text
}
