// Package testrunner runs the tests of packages, as murano-test-runner does
// (murano/cmd/test_runner.py): the methods called test… of the classes that extend
// io.murano.test.TestFixture, each in an executor of its own between setUp and tearDown.
// There are no stacks and no agents; what would reach for them is for the tests to replace,
// with inject and withOriginal. A cloud there is when Options give one.
package testrunner
