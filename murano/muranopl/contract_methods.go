package muranopl

import (
	"math"
	"math/big"
	"strings"
	"unicode"

	"hearth/core/yaql"
)

// contractMethod is one of the methods that contracts call on values.
type contractMethod struct {
	name        string
	least, most int // arguments
	params      []yaql.Param
	body        func(run *contractRun, value any, args contractArgs) (any, error)
}

// contractMethods are all there are.
func contractMethods() []*contractMethod {
	return []*contractMethod{
		{name: "string", body: contractString},
		{name: "bool", body: contractBool},
		{name: "int", body: contractInt},
		{name: "notNull", body: contractNotNull},
		{name: "check", least: 1, most: 2, body: contractCheck,
			params: []yaql.Param{yaql.P("predicate", yaql.ExpressionType), yaql.Opt("msg", yaql.String, nil)}},
		{name: "class", least: 1, most: 3, body: contractClass,
			params: []yaql.Param{yaql.P("name", typeArgument), yaql.Opt("defaultName", typeArgument, nil), yaql.Opt("versionSpec", yaql.String, nil)}},
		{name: "template", least: 1, most: 4, body: contractTemplate,
			params: []yaql.Param{yaql.P("type", typeArgument), yaql.Opt("defaultType", typeArgument, nil), yaql.Opt("versionSpec", yaql.String, nil),
				yaql.Opt("excludeProperties", yaql.Sequence, nil)}},
		{name: "owned", body: contractOwned},
		{name: "notOwned", body: contractNotOwned},
	}
}

func contractMethodOf(name string) *contractMethod {
	for _, m := range contractMethods() {
		if m.name == name {
			return m
		}
	}
	return nil
}

// contractFunctions are the methods for expressions that are more than a chain of them.
func contractFunctions() []*yaql.Function {
	var out []*yaql.Function
	for _, m := range contractMethods() {
		out = append(out, &yaql.Function{Name: m.name, Way: yaql.AsMethod, Params: append([]yaql.Param{yaql.P("value", yaql.Any)}, m.params...),
			Body: func(c *yaql.Call) (any, error) {
				f := frameOf(c.Context)
				if f == nil || f.contract == nil {
					return nil, pyError("KeyError", "'this'")
				}
				return m.body(f.contract, c.Args[0], contractArgs{run: f.contract, call: c, value: c.Args[0]})
			}})
	}
	return out
}

func contractString(run *contractRun, v any, _ contractArgs) (any, error) {
	switch run.mode {
	case modeFinalize:
		return v, nil
	case modeSchema:
		return typeSchema(v, "string"), nil
	}
	switch s := v.(type) {
	case nil, string:
		return v, nil
	case int64, *big.Int, bool:
		if run.mode == modeTransform {
			return pyStr(s), nil
		}
	case *Object:
		if run.mode == modeTransform {
			return s.ID(), nil
		}
	}
	if run.mode != modeTransform {
		return nil, violation("")
	}
	return nil, violation("Value %s violates string() contract", scalarText(v))
}

func contractBool(run *contractRun, v any, _ contractArgs) (any, error) {
	switch run.mode {
	case modeFinalize:
		return v, nil
	case modeSchema:
		return typeSchema(v, "boolean"), nil
	}
	if v == nil {
		return nil, nil
	}
	if _, ok := v.(bool); ok {
		return v, nil
	}
	if run.mode == modeTransform {
		return yaql.Truth(v), nil
	}
	return nil, violation("")
}

func contractInt(run *contractRun, v any, _ contractArgs) (any, error) {
	switch run.mode {
	case modeFinalize:
		return v, nil
	case modeSchema:
		return typeSchema(v, "integer"), nil
	}
	switch v.(type) {
	case nil, int64, *big.Int:
		return v, nil
	}
	if run.mode != modeTransform {
		return nil, violation("")
	}
	if n, ok := pyInt(v); ok {
		return n, nil
	}
	return nil, violation("Value %s violates int() contract", scalarText(v))
}

// pyInt is Python's int(v).
func pyInt(v any) (any, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), true
		}
		return int64(0), true
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		n, _ := big.NewFloat(math.Trunc(v)).Int(nil)
		return yaql.Int(n), true
	case string:
		s := strings.TrimSpace(v)
		digits := strings.TrimLeft(s, "+-")
		if len(s)-len(digits) > 1 || strings.HasPrefix(digits, "_") || strings.HasSuffix(digits, "_") || strings.Contains(digits, "__") {
			return nil, false
		}
		n, ok := new(big.Int).SetString(strings.Map(asciiDigit, strings.ReplaceAll(s, "_", "")), 10)
		if !ok {
			return nil, false
		}
		return yaql.Int(n), true
	}
	return nil, false
}

// asciiDigit turns a decimal digit of any script into one of ASCII.
func asciiDigit(r rune) rune {
	if r < unicode.MaxASCII || !unicode.Is(unicode.Nd, r) {
		return r
	}
	zero := r // the digits of a script follow each other
	for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return '0' + (r - zero)
}

func contractNotNull(run *contractRun, v any, _ contractArgs) (any, error) {
	switch {
	case run.mode == modeFinalize:
		return v, nil
	case run.mode == modeSchema:
		return notNullSchema(v), nil
	case v == nil:
		return nil, violation("null value violates notNull() contract")
	}
	return v, nil
}

func contractCheck(run *contractRun, v any, args contractArgs) (any, error) {
	switch run.mode {
	case modeFinalize:
		return v, nil
	case modeSchema:
		return checkSchema(run, v, args)
	}
	if _, ok := v.(objRef); ok {
		return v, nil
	}
	ok, err := args.predicate(0, v)
	if err != nil || yaql.Truth(ok) {
		return v, err
	}
	if args.given(1) {
		msg, err := args.get(1)
		if err != nil {
			return nil, err
		}
		if msg != nil && msg != "" {
			return nil, violation("%s", pyStr(msg))
		}
	}
	return nil, violation("Value %s doesn't match predicate", scalarText(v))
}

func contractOwned(run *contractRun, v any, _ contractArgs) (any, error) {
	return ownership(run, v, true)
}

func contractNotOwned(run *contractRun, v any, _ contractArgs) (any, error) {
	return ownership(run, v, false)
}

func ownership(run *contractRun, v any, want bool) (any, error) {
	switch run.mode {
	case modeFinalize:
		return v, nil
	case modeSchema:
		return withEntry(v, "owned", want), nil
	}
	switch o := v.(type) {
	case nil, objRef:
		return v, nil
	case *Object:
		owned := run.this != nil && o.findOwner(func(p *Object) bool { return p == run.this }) != nil
		if owned == want {
			return v, nil
		}
		name := "owned()"
		if !want {
			name = "notOwned()"
		}
		return nil, violation("Object %s violates %s contract", o, name)
	}
	return nil, violation("Value %s is not an object", pyStr(v))
}
