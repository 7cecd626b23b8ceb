package yaql

import "errors"

// The errors of overload resolution; receiver is NoValue for a function.

func unknownFunction(name string) func(r *Run, receiver any) error {
	return func(r *Run, receiver any) error {
		if receiver == NoValue {
			return Errorf(NoFunction, "Unknown function \"%s\"", name)
		}
		return Errorf(NoMethod, "Unknown method \"%s\" for receiver %s", name, r.shown(receiver))
	}
}

func noMatch(name string) func(r *Run, receiver any) error {
	return func(r *Run, receiver any) error {
		if receiver == NoValue {
			return Errorf(NoMatchingFunction, "No function \"%s\" matches supplied arguments", name)
		}
		return Errorf(NoMatchingMethod, "No method \"%s\" for receiver %s matches supplied arguments", name, r.shown(receiver))
	}
}

func ambiguous(name string) func(r *Run, receiver any) error {
	return func(r *Run, receiver any) error {
		if receiver == NoValue {
			return Errorf(AmbiguousFunction, "Ambiguous function \"%s\"", name)
		}
		return Errorf(AmbiguousMethod, "Ambiguous method \"%s\" for receiver %s", name, r.shown(receiver))
	}
}

// copyError makes an Error of its own of one that a plan keeps: positions are written
// into errors.
func copyError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		c := *e
		return &c
	}
	return err
}
