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

	// Types of services that Hearth does not have.
	"no such type": `preview-027 preview-029 preview-031 preview-035 preview-036 prop-validate-026 prop-validate-044 prop-validate-045 schema-013`,

	// What is not done yet.
	"auto scaling": `res-asg-001 res-asg-002 res-asg-003 res-asg-005 res-asg-006 res-asg-008 res-asg-009 res-asg-010 res-asg-013 res-asg-014
		res-asg-015 res-asg-018 res-asg-019 prop-validate-021 prop-validate-023 schema-009`,
	"restricted actions":                `registry-restricted-001 registry-restricted-002 registry-restricted-008 registry-restricted-011 registry-restricted-012`,
	"attributes of a group that failed": `failed-stack-008`,
	"updates that change definitions and not properties": `update-prop-004 update-prop-008 update-prop-022 update-prop-023
		update-definition-001 update-definition-002 update-definition-003 update-definition-006 update-definition-009 update-definition-017
		update-resources-028 update-condition-009 update-condition-010 update-condition-017 update-condition-018 update-condition-020
		update-condition-025 update-condition-027 update-condition-028 update-group-007 update-nested-001 update-nested-011
		update-external-011 update-external-012`,
	"updates of external resources": `update-definition-029 update-definition-030 update-external-003 update-external-004 update-external-005
		update-external-006 update-external-010`,
	"failed updates and their traces":            `update-condition-016 update-deps-012 update-deps-014 update-nested-009`,
	"previews of updates behind references":      `update-deps-001 update-deps-003 update-deps-005 update-deps-006 update-deps-009`,
	"the first of several problems of an update": `update-outputs-008 update-patch-024`,
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
