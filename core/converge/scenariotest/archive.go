package scenariotest

import (
	"strings"
)

// archive is a text archive: a comment and named files, each after a line "-- name --".
type archive struct {
	comment string
	files   map[string]string
}

func readArchive(text string) archive {
	a := archive{files: map[string]string{}}
	name := ""
	var part strings.Builder
	flush := func() {
		if name == "" {
			a.comment = part.String()
		} else {
			a.files[name] = part.String()
		}
		part.Reset()
	}
	for line := range strings.Lines(text) {
		bare := strings.TrimSpace(line)
		if inner, ok := strings.CutPrefix(bare, "-- "); ok && strings.HasSuffix(inner, " --") {
			flush()
			name = strings.TrimSuffix(inner, " --")
			continue
		}
		part.WriteString(line)
	}
	flush()
	return a
}
