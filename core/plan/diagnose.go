package plan

import (
	"context"
	"slices"

	"hearth/core/diag"
	"hearth/core/resource"
	"hearth/core/template"
)

// Diagnose gives every problem of a source that can be found before anything exists: of
// its template, its values, its resources and its nested templates, each once.
func Diagnose(ctx context.Context, src Source, v *Validation) diag.List {
	src.Open, src.Checker = true, v.Checker
	t, problems := Read(src, v.Types)
	if t != nil && t.Bound != nil {
		problems = append(problems, v.Check(ctx, t, resource.Stack{Name: src.Pseudo.StackName}, 0)...)
	}
	return once(misspelt(problems))
}

// misspelt leaves out a missing property of which an unknown one is the misspelling.
func misspelt(problems diag.List) diag.List {
	meant := map[[3]string]bool{}
	for _, p := range problems {
		if p.Code == "unknown_property" && p.Hint != "" {
			meant[[3]string{p.File, p.Path, p.Hint}] = true
		}
	}
	return slices.DeleteFunc(problems, func(p diag.Diagnostic) bool {
		return p.Code == "missing_property" && meant[[3]string{p.File, p.Path, diag.DidYouMean(p.Key, []string{p.Key})}]
	})
}

// once leaves out what is said again: by every user of a nested template, by every member
// of a group, and by computing what the parser refused.
func once(problems diag.List) diag.List {
	type place struct {
		file         string
		line, column int
	}
	type problem struct {
		place
		code, kind, message string
	}
	placed, seen := map[place]bool{}, map[problem]bool{}
	out := make(diag.List, 0, len(problems))
	for _, p := range problems {
		at := place{p.File, p.Line, p.Column}
		whole := problem{at, p.Code, p.Kind, p.Message}
		if p.Line == 0 {
			whole.kind += p.Path
		}
		if seen[whole] || p.Line > 0 && placed[at] && (p.Code == codeFunction || p.Code == template.UnknownFunction) {
			continue
		}
		seen[whole], placed[at] = true, true
		out = append(out, p)
	}
	return out
}
