// Package core is the vocabulary of Hearth: stacks, resources, events, callers and
// errors, under the names that Heat and Murano gave them. It knows nothing of
// databases, HTTP or clouds; every other package speaks in its words.
package core
