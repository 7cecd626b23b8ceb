// Package environment is what one can do with environments: the use cases behind the API
// (Service) and the work that a deployment is (Worker).
//
//	session: opened ──deploy──▶ deploying ──▶ deployed | deploy failure
//	         opened ──delete──▶ deleting  ──▶ (gone)   | delete failure
//
// A session is a copy of the environment's model. To deploy it is, in one transaction: the
// session's new state, a task with the model, its first report, and a job that wakes a
// Worker. The Worker that claims the task holds a lease on it, saves its progress in the
// task's model, and ends it in one transaction again: the environment's model and version,
// the last report, the session's state. A Worker that dies is followed by another once the
// lease has run out; what the first one did is found again by name, not done again.
//
// Follows murano/db/services/ and murano/api/v1/ of the upstream project; errors are
// core.Error in the two shapes that hearth/murano describes.
package environment
