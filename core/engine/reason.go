package engine

import "unicode/utf8"

// listedReason is how many bytes of a status reason lists show: providers may say a great
// deal, and a list has it many times over. What is shown alone is shown in full.
const listedReason = 64 << 10

// listed cuts a reason for lists, between two characters.
func listed(reason string) string {
	if len(reason) <= listedReason {
		return reason
	}
	end := listedReason
	for end > 0 && !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end]
}
