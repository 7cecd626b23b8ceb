package environment

import (
	"context"
	"errors"
	"strings"
	"time"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/muranopl"
	"hearth/murano/version"
)

// StaticAction names a static method of a class.
type StaticAction struct {
	Class, Method string
	Package       string // "": the one that has the class
	Version       string // specification
	Args          *yaml.Map
}

// staticTime is how long a request waits for a program: it is no task that could be gone on with.
const staticTime = time.Minute

// CallStatic calls a static method and gives its result (murano/services/static_actions.py).
// Returns Invalid for bad arguments, NotFound for a class or method that there is not,
// Unavailable for whatever else goes wrong in the program, and a raised MessagingTimeout.
func (s *Service) CallStatic(ctx context.Context, caller *core.Caller, a StaticAction) (any, error) {
	spec, err := version.ParseSpec(a.Version)
	if err != nil {
		return nil, murano.Detail(core.Invalid, "%s", err)
	}
	var v any
	err = s.programs.request(ctx, caller, func(ctx context.Context, ex *muranopl.Executor) error {
		class, err := classOf(ex, a.Package, a.Class, spec)
		if err != nil {
			return err
		}
		if v, err = ex.CallStatic(ctx, class, a.Method, nil, named(a.Args)); err != nil {
			return err
		}
		if v, err = ex.APIResult(ctx, v); err != nil {
			return err
		}
		v, err = export(v)
		return err
	})
	return v, staticFailure(err)
}

// request runs a program for a request: without an environment, and no longer than who asks
// waits. Its reports go nowhere.
func (p *Programs) request(ctx context.Context, caller *core.Caller, do func(context.Context, *muranopl.Executor) error) error {
	limited, cancel := context.WithTimeout(ctx, min(staticTime, p.cfg.Timeout))
	defer cancel()
	stopped, giveUp := context.WithCancelCause(limited)
	defer giveUp(nil)
	session := p.session("", caller, core.Credentials{Token: caller.Token, TrustID: caller.TrustID})
	session.Owner = caller
	ex := p.executor(p.loader(stopped, caller.ProjectID, giveUp), session, murano.NewID())
	err := do(stopped, ex)
	if end := ex.Do(stopped, session.End); err == nil {
		err = end
	}
	if err == nil {
		return nil
	}
	if errors.Is(limited.Err(), context.DeadlineExceeded) {
		return murano.Raise(core.Internal, "MessagingTimeout", "The program has not ended after %s and was stopped", staticTime)
	}
	if cause := context.Cause(stopped); cause != nil {
		return cause
	}
	return err
}

func classOf(ex *muranopl.Executor, pkg, class string, spec version.Spec) (*muranopl.Class, error) {
	var p *muranopl.Package
	var err error
	if pkg != "" {
		p, err = ex.Package(pkg, spec)
	} else {
		p, err = ex.ClassPackage(class, spec)
	}
	if err != nil {
		return nil, err
	}
	return p.Class(class, false)
}

// notFoundNames are the errors of the language that say that something is not there.
var notFoundNames = []string{"NoClassFound", "NoMethodFound", "NoPackageFound", "NoPackageForClassFound", "MethodNotExposed", "NoMatchingMethodException"}

// languageError gives the last part of the name of an error of the language itself, and its
// text; "" for what a program has raised.
func languageError(err error) (name, text string) {
	f := failureOf(err, "")
	if _, raised := errors.AsType[*muranopl.Exception](err); raised {
		return "", f.message
	}
	name, _ = muranopl.Describe(err)
	return name[strings.LastIndexByte(name, '.')+1:], f.message
}

// staticFailure tells clients of an error as murano/api/v1/static_actions.py does.
func staticFailure(err error) error {
	if _, ours := errors.AsType[*core.Error](err); err == nil || ours && core.ErrorCode(err) == core.Internal {
		return err
	}
	name, text := languageError(err)
	for _, n := range notFoundNames {
		if n == name {
			return murano.Detail(core.NotFound, "%s", text)
		}
	}
	if name == "ContractViolationException" {
		return murano.Detail(core.Invalid, "%s", text)
	}
	return murano.Detail(core.Unavailable, "%s", text)
}

// Schemas gives the JSON schemas of a class, under "", and of its methods: of those that are
// named, or of all (murano/api/v1/schemas.py). Returns NotFound for a class or package that
// there is not, and a raised RemoteError.
func (s *Service) Schemas(ctx context.Context, caller *core.Caller, r muranopl.SchemaRequest) (any, error) {
	var v any
	err := s.programs.request(ctx, caller, func(ctx context.Context, ex *muranopl.Executor) error {
		d, err := ex.Schema(ctx, r)
		if err != nil {
			return err
		}
		v, err = export(d)
		return err
	})
	if _, ours := errors.AsType[*core.Error](err); err == nil || ours {
		return v, err
	}
	switch name, text := languageError(err); name {
	case "NoClassFound", "NoPackageForClassFound", "NoPackageFound":
		return nil, murano.Detail(core.NotFound, "%s", text)
	default:
		return nil, murano.Raise(core.Internal, "RemoteError", "Remote error: %s %s", name, text)
	}
}
