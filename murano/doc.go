// Package murano is the vocabulary of the application catalogue: environments and the
// sessions that change them, tasks and their reports, packages and their categories, under
// the names that Murano gave them. It knows nothing of databases, HTTP or stacks.
package murano
