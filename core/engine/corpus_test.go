package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/core"
	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/plan"
	"hearth/core/resource/aws"
	"hearth/core/resource/barbican"
	"hearth/core/resource/cinder"
	"hearth/core/resource/designate"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/core/resource/swift"
	"hearth/core/resource/zaqar"
	"hearth/core/store/storetest"
	"hearth/core/yaml"
)

// corpusFile holds requests to Heat 19.0.0 and its answers, a line each. CORPUS names
// another file of that form, CASES the ids to run (a regular expression).
const corpusFile = "../template/testdata/hot.jsonl"

// corpusParallel is how many cases run at once, each on an engine and a store of its own,
// which are used again when the case's stack is gone.
const corpusParallel = 8

// corpusCase is one line: the fields of the request, and id, group, op, expect or error.
type corpusCase struct{ *yaml.Map }

func (c corpusCase) text(key string) string { v, _ := c.Get(key); s, _ := v.(string); return s }

func (c corpusCase) sub(key string) corpusCase {
	v, _ := c.Get(key)
	m, _ := v.(*yaml.Map)
	return corpusCase{m}
}

// TestCorpus runs every case on the engine and its store, and compares what Heat answered.
// With -v it tells how many passed.
func TestCorpus(t *testing.T) {
	file, others := os.Getenv("CORPUS"), true
	if file == "" {
		file, others = corpusFile, false
	}
	cases := readCorpus(t, file)
	labs := make(chan *enginetest.Lab, corpusParallel)
	types := enginetest.Types(t, heat.Types, nova.Types, neutron.Types, cinder.Types, swift.Types, barbican.Types,
		designate.Types, zaqar.Types, aws.Types)
	types.Yaql = plan.Yaql
	caller := &core.Caller{UserID: "u", UserName: "user", ProjectID: "test_tenant_id", Roles: []string{"member"}}
	for range corpusParallel {
		labs <- enginetest.New(t, storetest.Open(t, storetest.SQLite(t)), types, caller)
	}
	failures := make([]error, len(cases))
	var wait sync.WaitGroup
	for i, c := range cases {
		l := <-labs
		wait.Go(func() {
			defer func() { labs <- l }()
			r := &corpusRun{l, c}
			failures[i] = errors.Join(r.run(t.Context()), r.clear(t.Context()))
		})
	}
	wait.Wait()
	report(t, cases, failures, others)
}

// report prints how many cases passed, and which failed. A failure that is not expected,
// and an expected one that does not come, fails the test.
func report(t *testing.T, cases []corpusCase, failures []error, others bool) {
	t.Helper()
	var failed []string
	groups := map[string]int{}
	for i, c := range cases {
		id, err := c.text("id"), failures[i]
		if err != nil {
			failed = append(failed, id)
			groups[c.text("group")]++
		}
		switch reason := corpusExpected(id); {
		case err != nil && reason == "":
			t.Errorf("%s: %v", id, err)
		case err == nil && reason != "" && !others:
			t.Errorf("%s passes, although it is listed to fail: %s", id, reason)
		}
	}
	fmt.Printf("%d passed, %d failed\n", len(cases)-len(failed), len(failed))
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		fmt.Printf("  %s %d\n", g, groups[g])
	}
	if len(failed) > 0 {
		fmt.Println(strings.Join(failed, " "))
	}
}

func readCorpus(t *testing.T, file string) []corpusCase {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	only, err := regexp.Compile(os.Getenv("CASES"))
	if err != nil {
		t.Fatal(err)
	}
	var out []corpusCase
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		v, err := yaml.DecodeJSON(lines.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if c := (corpusCase{v.(*yaml.Map)}); only.MatchString(c.text("id")) {
			out = append(out, c)
		}
	}
	return out
}

// corpusRun is one case on its way through an engine.
type corpusRun struct {
	*enginetest.Lab
	c corpusCase
}

// clear deletes what the case has left.
func (r *corpusRun) clear(ctx context.Context) error {
	stacks, _, err := r.Engine.List(ctx, r.Caller, engine.ListOptions{})
	for _, s := range stacks {
		if err = r.Engine.Delete(ctx, r.Caller, engine.StackRef{ID: s.ID}); err != nil {
			break
		}
		var gone *core.Stack
		if gone, err = r.Await(ctx, s.ID); err == nil && gone != nil && gone.DeletedAt == nil {
			err = fmt.Errorf("not deleted: %s", gone.StatusReason)
		}
	}
	return err
}
