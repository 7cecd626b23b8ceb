package agent

import (
	"fmt"

	"hearth/core/yaml"
)

// A plan's Body is a small program in Python that calls the plan's scripts by name and may
// return something. Here it is run by the server, again from its beginning after each script
// that the agent has run: what scripts came to is given to it, and the first call of which
// nothing is known yet ends the run as what is to be done next. The agent needs no Python.
//
// Bodies may assign, choose with if, return, and use expressions of texts, numbers, lists and
// dictionaries, with the methods of texts in textMethods. There are no loops and no
// definitions.

// statement runs one statement; done says that it returned.
type statement func(*body) (done bool, err error)

type expression func(*body) (any, error)

// body is one run of a Body.
type body struct {
	plan  *plan
	steps []outcome // what the calls so far came to
	calls int       // how many there have been in this run
	names map[string]any
	value any // that it returns
}

// scriptRef is a script of the plan as a value; so is each of its functions, since an
// Application has but one.
type scriptRef struct{ script *script }

// call is a call of a script that the agent is to run.
type call struct {
	script  *script
	command any // the rest of the command line
}

// pending ends a run at a call of which nothing is known yet.
type pending struct{ call call }

func (p *pending) Error() string { return "the script " + p.call.script.name + " is to be run" }

// pythonError is an exception of the Body's own.
type pythonError struct{ message string }

func (e *pythonError) Error() string { return e.message }

func raise(format string, args ...any) error {
	return &pythonError{fmt.Sprintf(format, args...)}
}

// run runs a parsed Body after the scripts came to steps. The error is a *pending for the
// next call, a *scriptError, a *pythonError or a *bodyError.
func (p *plan) run(program []statement, steps []outcome) (any, error) {
	b := &body{plan: p, steps: steps, names: map[string]any{"args": p.parameters}}
	for name, s := range p.scripts {
		b.names[name] = scriptRef{s}
	}
	if _, err := b.block(program); err != nil {
		return nil, err
	}
	if !isData(b.value) {
		return nil, raise("the plan returns what is no data")
	}
	return b.value, nil
}

func (b *body) block(program []statement) (done bool, err error) {
	for _, s := range program {
		if done, err = s(b); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// call gives what a script came to (murano-agent's executors/application).
func (b *body) call(s *script, args []any, named map[string]any) (any, error) {
	var command any = ""
	switch {
	case len(args) > 1:
		return nil, raise("%s() takes one argument, the command line", s.name)
	case len(args) == 1:
		command = args[0]
	}
	for name, v := range named {
		if name != "commandline" {
			return nil, raise("%s() got an unexpected keyword argument '%s'", s.name, name)
		}
		command = v
	}
	if b.calls == len(b.steps) {
		return nil, &pending{call{s, command}}
	}
	out := b.steps[b.calls]
	b.calls++
	result := out.result(s)
	if s.verifyExit && out.Code != 0 {
		return nil, &scriptError{s, result}
	}
	return result, nil
}

// outcome is what one run of a script came to.
type outcome struct {
	Code   int    `json:"code"`
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
}

// result is the outcome as Bodies see it: what was not captured, and nothing, is None.
func (o outcome) result(s *script) *yaml.Map {
	captured := func(text string, capture bool) any {
		if text = trim(text); text == "" || !capture {
			return nil
		}
		return text
	}
	return yaml.MapOf("exitCode", int64(o.Code), "stdout", captured(o.Stdout, s.captureStdout), "stderr", captured(o.Stderr, s.captureStderr))
}

// scriptError is the exit code of a script that is to be 0.
type scriptError struct {
	script *script
	result *yaml.Map
}

func (e *scriptError) Error() string {
	if e.script.kind != application {
		return fmt.Sprintf("Script %s is of type %s; the agent runs scripts of type %s", e.script.name, e.script.kind, application)
	}
	return fmt.Sprintf("Script %s returned error code", e.script.name)
}
