package diag

// DidYouMean gives `did you mean "x"?` for the known name nearest to an unknown one; ""
// when none is near.
func DidYouMean(name string, known []string) string {
	best := Nearest(name, known)
	if best == "" {
		return ""
	}
	return `did you mean "` + best + `"?`
}

// Nearest gives the known name nearest to an unknown one; "" when none is near.
func Nearest(name string, known []string) string {
	best, distance := "", len(name)/3+1
	for _, k := range known {
		if d := edits(name, k, distance); d < distance || d == distance && best == "" {
			best, distance = k, d
		}
	}
	return best
}

// Near reports whether two names are at most so many edits apart.
func Near(a, b string, limit int) bool { return edits(a, b, limit) <= limit }

// edits is the edit distance of two names, in which two neighbours swapped count as one
// edit; or limit+1 when it is above limit.
func edits(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := row[j-1]
			if a[i-1] != b[j-1] {
				cost++
			}
			next[j] = min(cost, row[j]+1, next[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
