package muranopl_test

// knownFailures are the cases of the corpus that fail, with the reason.
var knownFailures = map[string]string{}
