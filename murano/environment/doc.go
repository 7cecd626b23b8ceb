// Package environment is what one can do with environments: the use cases behind the API
// (Service) and the work that a deployment is (Worker).
//
//	session: opened ──deploy──▶ deploying ──▶ deployed | deploy failure
//	         opened ──delete──▶ deleting  ──▶ (gone)   | delete failure
//
// A session is a copy of the environment's model. To deploy it is, in one transaction: the
// session's new state, a task with the model, its first report, and a job that wakes a
// Worker. The Worker that claims the task holds a lease on it, runs it as one MuranoPL program
// (program.go: load the model, destroy what it has lost, call the action, write the model; a
// HOT package is a class, too, that hot_class.go writes) and ends it in one transaction again:
// the environment's model and version, the last report, the session's state. A Worker that
// dies is followed by another once the lease has run out: the program starts anew with the
// same seed, so that it finds what the first one made by the same names, and says nothing
// twice.
//
// Follows murano/db/services/ and murano/api/v1/ of the upstream project; errors are
// core.Error in the two shapes that hearth/murano describes.
package environment
