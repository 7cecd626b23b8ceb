// Package std is YAQL's standard library, one file per module of upstream's
// yaql/standard_library, and the profiles of the hosts that use it (profile.go).
//
// A definition is one value: name, parameters, text, an example that is true, body. To
// add one, add it to the table at the top of its module's file.
package std
