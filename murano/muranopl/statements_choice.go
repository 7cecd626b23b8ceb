package muranopl

import (
	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// branch is one case of a Match or a Switch. Its body is read when it is taken, as upstream
// does: what is wrong with another one is never found.
type branch struct{ key, body any }

func branches(m *syntax.Map) []branch {
	out := make([]branch, len(m.Entries))
	for i, e := range m.Entries {
		out[i] = branch{e.Key, e.Value}
	}
	return out
}

func (b branch) run(th *Thread, c *yaql.Context) (signal, error) {
	body, err := compileBlock(b.body)
	if err != nil {
		return signal{}, err
	}
	return body.run(th, c)
}

type matchStatement struct {
	value     any
	branches  []branch
	otherwise *block
}

func compileMatch(m *syntax.Map) (statement, string, error) {
	cases, ok := m.Get("Match").(*syntax.Map)
	if !ok {
		return nil, "", dslError("DslSyntaxError", "Match value must be of dictionary type")
	}
	otherwise, err := compileOptional(m.Get("Default"))
	return &matchStatement{m.Get("Value"), branches(cases), otherwise}, "", err
}

// run takes the first branch whose key is the value.
func (s *matchStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	v, err := th.evaluate(s.value, c)
	if err != nil {
		return signal{}, err
	}
	for _, b := range s.branches {
		same, err := th.run.Equal(b.key, v)
		if err != nil {
			return signal{}, err
		}
		if same {
			return b.run(th, c)
		}
	}
	if s.otherwise != nil {
		return s.otherwise.run(th, c)
	}
	return signal{}, nil
}

type switchStatement struct {
	branches  []branch
	otherwise *block
}

func compileSwitch(m *syntax.Map) (statement, string, error) {
	cases, ok := m.Get("Switch").(*syntax.Map)
	if !ok {
		return nil, "", dslError("DslSyntaxError", "Switch value must be of dictionary type")
	}
	otherwise, err := compileOptional(m.Get("Default"))
	return &switchStatement{branches(cases), otherwise}, "", err
}

// run takes every branch whose key is true.
func (s *switchStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	matched := false
	for _, b := range s.branches {
		v, err := th.evaluate(b.key, c)
		if err != nil {
			return signal{}, err
		}
		if !yaql.Truth(v) {
			continue
		}
		matched = true
		sig, err := b.run(th, c)
		if err != nil || sig.kind != going {
			return sig, err
		}
	}
	if !matched && s.otherwise != nil {
		return s.otherwise.run(th, c)
	}
	return signal{}, nil
}
