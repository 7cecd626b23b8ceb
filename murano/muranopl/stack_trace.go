package muranopl

import (
	"fmt"
	"slices"
	"strings"

	"hearth/murano/muranopl/syntax"
)

// StackFrame is one method that was at work when an exception was raised.
type StackFrame struct {
	Instruction string
	At          *syntax.Position // nil: unknown
	Method      string
	Type        string
}

// stackOf gives the frames that are at work, outermost first.
func stackOf(f *Frame) []StackFrame {
	var out []StackFrame
	for ; f != nil; f = f.caller {
		s := StackFrame{Instruction: f.instruction.text}
		if f.instruction.set {
			at := f.instruction.at
			s.At = &at
		}
		if f.method != nil {
			s.Method, s.Type = f.method.Name, f.method.declaring.Name
		}
		out = append(out, s)
	}
	slices.Reverse(out)
	return out
}

// FormatStack writes frames as Python's tracebacks are written.
func FormatStack(frames []StackFrame, prefix string) string {
	lines := make([]string, len(frames))
	for i, f := range frames {
		method := f.Method
		if f.Type != "" {
			method += " of type " + f.Type
		}
		if f.At == nil {
			lines[i] = fmt.Sprintf("%sFile <unknown> in method %s\n%s    %s", prefix, method, prefix, f.Instruction)
			continue
		}
		lines[i] = fmt.Sprintf("%sFile \"%s\", line %d:%d in method %s\n%s    %s", prefix, f.At.File, f.At.Line, f.At.Column, method, prefix, f.Instruction)
	}
	return strings.Join(lines, "\n")
}
