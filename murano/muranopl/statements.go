package muranopl

import (
	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// statementKinds are the statements that are maps, in the order in which murano/dsl/macros.py
// tries them.
func statementKinds() []statementKind {
	return []statementKind{
		{must: []string{"Do"}, compile: compileDo},
		{must: []string{"Return"}, compile: compileReturn},
		{must: []string{"Break"}, compile: compileBreak},
		{must: []string{"Continue"}, compile: compileContinue},
		{must: []string{"Parallel"}, may: []string{"Limit"}, compile: compileParallel},
		{must: []string{"If", "Then"}, may: []string{"Else"}, compile: compileIf},
		{must: []string{"While", "Do"}, compile: compileWhile},
		{must: []string{"For", "In", "Do"}, compile: compileFor},
		{must: []string{"Repeat", "Do"}, compile: compileRepeat},
		{must: []string{"Match", "Value"}, may: []string{"Default"}, compile: compileMatch},
		{must: []string{"Switch"}, may: []string{"Default"}, compile: compileSwitch},
		{must: []string{"Throw"}, may: []string{"Message", "Extra", "Cause"}, compile: compileThrow},
		{must: []string{"Try"}, may: []string{"Catch", "Finally", "Else"}, compile: compileTry},
		{must: []string{"Rethrow"}, compile: compileRethrow},
	}
}

func compileDo(m *syntax.Map) (statement, string, error) {
	b, err := compileBlock(m.Get("Do"))
	return b, "", err
}

type returnStatement struct{ value any }

func compileReturn(m *syntax.Map) (statement, string, error) {
	return &returnStatement{m.Get("Return")}, "", nil
}

func (s *returnStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	v, err := th.evaluate(s.value, c)
	return signal{returning, v}, err
}

// leaveStatement is Break or Continue.
type leaveStatement struct{ kind signalKind }

func (s leaveStatement) run(*Thread, *yaql.Context) (signal, error) { return signal{kind: s.kind}, nil }

func compileBreak(m *syntax.Map) (statement, string, error) {
	if syntax.Truth(m.Get("Break")) {
		return nil, "", dslError("DslSyntaxError", "Break cannot have value")
	}
	return leaveStatement{breaking}, "", nil
}

func compileContinue(m *syntax.Map) (statement, string, error) {
	if syntax.Truth(m.Get("Continue")) {
		return nil, "", dslError("DslSyntaxError", "Continue cannot have value")
	}
	return leaveStatement{continuing}, "", nil
}

type parallelStatement struct {
	body  *block
	limit any
}

func compileParallel(m *syntax.Map) (statement, string, error) {
	b, err := compileBlock(m.Get("Parallel"))
	if err != nil {
		return nil, "", err
	}
	s := &parallelStatement{b, int64(len(b.steps))}
	if limit := m.Get("Limit"); syntax.Truth(limit) {
		s.limit = limit
	}
	return s, "", nil
}

// run gives each statement a thread and a layer of variables of its own.
func (s *parallelStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	if len(s.body.steps) == 0 {
		return signal{}, nil
	}
	limit, err := th.evaluate(s.limit, c)
	if err != nil {
		return signal{}, err
	}
	n, ok := limit.(int64)
	if !ok {
		return signal{}, pyError("TypeError", "'%s' object cannot be interpreted as an integer", typeNameOf(limit))
	}
	if n < 0 {
		return signal{}, pyError("ValueError", "semaphore initial value must be >= 0")
	}
	results, err := th.parallel(len(s.body.steps), int(n), func(t *Thread, i int) (any, error) {
		layer := c.Child()
		f := frameOf(c).copy()
		layer.SetHost(f)
		t.top = f
		return s.body.steps[i].statement.run(t, layer)
	})
	if err != nil {
		return signal{}, err
	}
	for _, r := range results {
		if sig := r.(signal); sig.kind != going {
			return sig, nil
		}
	}
	return signal{}, nil
}

type ifStatement struct {
	condition       any
	then, otherwise *block
}

func compileIf(m *syntax.Map) (statement, string, error) {
	then, err := compileBlock(m.Get("Then"))
	if err != nil {
		return nil, "", err
	}
	otherwise, err := compileOptional(m.Get("Else"))
	return &ifStatement{m.Get("If"), then, otherwise}, "", err
}

// compileOptional is compileBlock; nil for null.
func compileOptional(v any) (*block, error) {
	if v == nil {
		return nil, nil
	}
	return compileBlock(v)
}

func (s *ifStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	v, err := th.evaluate(s.condition, c)
	switch {
	case err != nil:
		return signal{}, err
	case yaql.Truth(v):
		return s.then.run(th, c)
	case s.otherwise != nil:
		return s.otherwise.run(th, c)
	}
	return signal{}, nil
}

// looped says what a loop does after its body has run once.
func looped(sig signal) (out signal, stop bool) {
	switch sig.kind {
	case breaking:
		return signal{}, true
	case returning:
		return sig, true
	}
	return signal{}, false
}

type whileStatement struct {
	condition *syntax.Expression
	body      *block
}

func compileWhile(m *syntax.Map) (statement, string, error) {
	condition, ok := m.Get("While").(*syntax.Expression)
	if !ok {
		return nil, "", errOther
	}
	b, err := compileBlock(m.Get("Do"))
	return &whileStatement{condition, b}, "", err
}

func (s *whileStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	for {
		v, err := th.eval(s.condition, c)
		if err != nil || !yaql.Truth(v) {
			return signal{}, err
		}
		sig, err := s.body.run(th, c)
		if err != nil {
			return signal{}, err
		}
		if out, stop := looped(sig); stop {
			return out, nil
		}
	}
}

type forStatement struct {
	name       string
	collection any
	body       *block
}

func compileFor(m *syntax.Map) (statement, string, error) {
	name, ok := m.Get("For").(string)
	if !ok {
		return nil, "", dslError("DslSyntaxError", "For value must be of string type")
	}
	b, err := compileBlock(m.Get("Do"))
	return &forStatement{name, m.Get("In"), b}, "", err
}

func (s *forStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	v, err := th.evaluate(s.collection, c)
	if err != nil {
		return signal{}, err
	}
	it := th.run.Iterate(v)
	for {
		item, ok, err := it.Next()
		if err != nil || !ok {
			return signal{}, err
		}
		c.Set(s.name, item)
		sig, err := s.body.run(th, c)
		if err != nil {
			return signal{}, err
		}
		if out, stop := looped(sig); stop {
			return out, nil
		}
	}
}

type repeatStatement struct {
	count any
	body  *block
}

func compileRepeat(m *syntax.Map) (statement, string, error) {
	count := m.Get("Repeat")
	switch count.(type) {
	case int64, bool, *syntax.Expression:
	default:
		return nil, "", dslError("DslSyntaxError", "Repeat value must be either int or expression")
	}
	b, err := compileBlock(m.Get("Do"))
	return &repeatStatement{count, b}, "", err
}

func (s *repeatStatement) run(th *Thread, c *yaql.Context) (signal, error) {
	v, err := th.evaluate(s.count, c)
	if err != nil {
		return signal{}, err
	}
	switch v.(type) {
	case int64, bool:
	default:
		return signal{}, pyError("TypeError", "'%s' object cannot be interpreted as an integer", typeNameOf(v))
	}
	for range yaql.ClampInt(v) {
		sig, err := s.body.run(th, c)
		if err != nil {
			return signal{}, err
		}
		if out, stop := looped(sig); stop {
			return out, nil
		}
	}
	return signal{}, nil
}
