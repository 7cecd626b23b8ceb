package yaql_test

// knownFailures are the cases of the corpus that pin something of CPython that this
// implementation has not, each with the reason. There are none so far.
var knownFailures = map[string]string{}
