// Package muranopl runs MuranoPL, the language of Murano's packages, as murano 14 does
// (murano/dsl). A program is packages of classes; what it works on is an object model.
//
//	class files ─ syntax.Parse ─► trees ─ Package.Class ─► Class: properties, methods
//	object model ─ Executor.Load ─► Objects ─ Executor.Call ─► results ─ Finalize ─► model
//
// Expressions are YAQL (core/yaql) with MuranoPL's operators and functions (functions*.go).
// A Frame is one method at work, a Thread one line of execution; of the threads of an
// Executor one runs at a time, and only where a program waits does another get its turn,
// which is what programs were written for.
//
// A program reaches nothing but what native classes (Native) give it. Its statements and its
// nesting are bounded, and it ends with its context.
package muranopl
