package engine_test

import "strings"

// corpusFailures are the cases that may fail, by the reason why.
var corpusFailures = map[string]string{
	// Cases in which Heat crashes, or refuses because Python does, and we need not.
	"Heat crashes, and this can be answered": `fn-get_attr-035 param-constraint-008 env-basic-015 env-basic-057 env-files-074
		if-nullable-056 provider-021 generate-001 generate-002`,
	"a class with a property of any type breaks Heat's check of its facade; it is refused with a reason": `provider-facade-007
		provider-facade-008 provider-facade-010`,
	"the API checks that files are texts": `nested-files-011`,

	// Differences that are meant.
	"Python's StopIteration has no text; ours is its name":                                     `fn-yaql-021`,
	"the order of a set is nobody's":                                                           `fn-yaql-014`,
	"Heat lets what the registry says of one resource leak to the next of its type":            `registry-030`,
	"former names are checked as what took their place":                                        `res-random-037 res-random-038`,
	"what depends on values that are not there yet is checked when they are, not with null":    `runtime-values-005 runtime-values-008`,
	"Heat's older engine fails before the resource begins, or names it otherwise in its event": `runtime-values-002 runtime-values-003 runtime-values-007`,
	"a rule's description is younger than 19.0.0":                                              `prop-validate-042`,
	"properties are checked by name, not in the order of Heat's source":                        `preview-041`,
	"a name that no cloud was asked about stays what it is":                                    `preview-009`,

	// Updates. Where Heat's preview guesses, ours says what the update then does.
	"the preview is exact": `update-definition-030 update-deps-001 update-deps-003 update-deps-005 update-deps-006 update-deps-009
		update-external-003 update-external-005 update-external-010 update-external-012`,
	"a definition with a condition counts as updated in Heat's older engine": `update-condition-009 update-condition-010 update-condition-017
		update-condition-018 update-condition-020 update-condition-025 update-condition-027 update-condition-028`,
	"Heat's older engine leaves the stack in progress":                          `update-condition-016`,
	"Heat's older engine does not make what a failed create left out":           `update-deps-012`,
	"Heat's older engine shows the remains of its backup stack":                 `update-deps-014`,
	"a nested stack in which nothing changes is left alone":                     `update-group-007 update-nested-001`,
	"Heat's older engine says less of a failure within a nested stack's update": `update-nested-009`,
}

// corpusExpected says why a case may fail, "" if it may not.
func corpusExpected(id string) string {
	for reason, ids := range corpusFailures {
		for _, known := range strings.Fields(ids) {
			if known == id {
				return reason
			}
		}
	}
	return ""
}
