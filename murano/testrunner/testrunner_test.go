package testrunner_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/murano/catalog"
	"hearth/murano/testrunner"
)

// load reads a package from its directory.
func load(t *testing.T, dir string) *catalog.Package {
	t.Helper()
	archive, err := catalog.Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := catalog.Load(archive, catalog.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// run gives what became of each test, by its name.
func run(t *testing.T, pkg *catalog.Package, o testrunner.Options) (names []string, failures map[string]string) {
	t.Helper()
	failures = map[string]string{}
	err := testrunner.Run(t.Context(), pkg, o, func(r testrunner.Result) {
		names = append(names, r.Name())
		if r.Failure != "" {
			failures[r.Name()] = r.Failure
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, failures
}

// The tests that the library of applications brings pass.
func TestLibraryOfApplications(t *testing.T) {
	names, failures := run(t, load(t, "../library/io.murano.applications"), testrunner.Options{Timeout: 20 * time.Second})
	if len(names) != 32 {
		t.Errorf("%d tests: %s", len(names), strings.Join(names, ", "))
	}
	for name, failure := range failures {
		t.Errorf("%s: %s", name, failure)
	}
}

func TestShop(t *testing.T) {
	names, failures := run(t, load(t, "testdata/shop"), testrunner.Options{Required: []*catalog.Package{load(t, "testdata/bank")}, Timeout: 300 * time.Millisecond})
	want := []string{"shop.tests.TestTill.testPay", "shop.tests.TestTill.test_discount", "shop.tests.TestTill.testEach",
		"shop.tests.TestMocks.testObject", "shop.tests.TestMocks.testClass", "shop.tests.TestMocks.testNamedClass", "shop.tests.TestMocks.testOriginal",
		"shop.tests.TestMocks.testWithOriginal", "shop.tests.TestMocks.testTwice",
		"shop.tests.TestFailures.testAssertion", "shop.tests.TestFailures.testThrown", "shop.tests.TestFailures.testEndless",
		"shop.tests.TestFailures.testUnknownMethod", "shop.tests.Broken"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	for name, text := range map[string]string{
		"shop.tests.TestFailures.testAssertion":     "testtools.matchers._impl.MismatchError: 1 != 2: sums differ\nTraceback (most recent call last):\n",
		"shop.tests.TestFailures.testThrown":        `File "/shop/Classes/Till.yaml", line 24:9 in method refuse of type shop.Till`,
		"shop.tests.TestFailures.testEndless":       "the test did not end within 300ms",
		"shop.tests.TestFailures.testUnknownMethod": "murano.dsl.exceptions.NoMethodFound: Method \"gone\" is not found",
		"shop.tests.Broken":                         "murano.dsl.exceptions.NoClassFound: Class \"shop.Gone\" is not found",
	} {
		if !strings.Contains(failures[name], text) {
			t.Errorf("%s: %s; want %s", name, failures[name], text)
		}
		delete(failures, name)
	}
	for name, failure := range failures {
		t.Errorf("%s: %s", name, failure)
	}
}

func TestChosenTests(t *testing.T) {
	required := []*catalog.Package{load(t, "testdata/bank")}
	for _, c := range []struct{ chosen, want []string }{
		{[]string{"shop.tests.TestTill"}, []string{"shop.tests.TestTill.testPay", "shop.tests.TestTill.test_discount", "shop.tests.TestTill.testEach"}},
		{[]string{"shop.tests.TestTill.testPay", "testClass"}, []string{"shop.tests.TestTill.testPay", "shop.tests.TestMocks.testClass"}},
	} {
		names, _ := run(t, load(t, "testdata/shop"), testrunner.Options{Required: required, Tests: c.chosen})
		if diff := cmp.Diff(c.want, names); diff != "" {
			t.Errorf("%v: %s", c.chosen, diff)
		}
	}
	err := testrunner.Run(t.Context(), load(t, "testdata/bank"), testrunner.Options{}, func(testrunner.Result) {})
	if err == nil || err.Error() != "no tests found in package bank" {
		t.Error(err)
	}
}
