package graph_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hearth/core/graph"
)

// of makes a graph of "a needs b c" lines.
func of(lines ...string) *graph.Graph[string] {
	g := &graph.Graph[string]{}
	for _, line := range lines {
		node, needs, _ := strings.Cut(line, " needs ")
		g.Add(node)
		for to := range strings.FieldsSeq(needs) {
			g.Edge(node, to)
		}
	}
	return g
}

func TestOrderAndLayers(t *testing.T) {
	g := of("server needs port volume", "port needs subnet", "volume", "subnet needs net", "net", "lonely")
	order, err := g.Order()
	if diff := cmp.Diff([]string{"net", "subnet", "port", "volume", "server", "lonely"}, order); diff != "" || err != nil {
		t.Error(err, diff)
	}
	layers, err := g.Layers()
	want := [][]string{{"net", "volume", "lonely"}, {"subnet"}, {"port"}, {"server"}}
	if diff := cmp.Diff(want, layers); diff != "" || err != nil {
		t.Error(err, diff)
	}
	back, err := g.Reverse().Order()
	if diff := cmp.Diff([]string{"server", "port", "volume", "subnet", "net", "lonely"}, back); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestCyclesHaveTheirPath(t *testing.T) {
	for want, g := range map[string]*graph.Graph[string]{
		"b c d b": of("a needs b", "b needs c", "c needs d", "d needs b"),
		"a a":     of("a needs a"),
	} {
		_, err := g.Order()
		cycle, ok := errors.AsType[*graph.CycleError[string]](err)
		if !ok || strings.Join(cycle.Path, " ") != want {
			t.Errorf("%v, want %s", err, want)
		}
		if _, err := g.Layers(); err == nil {
			t.Error("a cycle has layers")
		}
	}
}

func TestAnyOrderHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "nodes")
		g := &graph.Graph[int]{}
		for i := range n {
			g.Add(i)
			for range rapid.IntRange(0, 3).Draw(t, "edges") {
				if i > 0 {
					g.Edge(i, rapid.IntRange(0, i-1).Draw(t, "to")) // to an older one: no cycle
				}
			}
		}
		order, err := g.Order()
		if err != nil || len(order) != n {
			t.Fatal(order, err)
		}
		for i := range n {
			for _, to := range g.Needs(i) {
				if slices.Index(order, to) > slices.Index(order, i) {
					t.Fatalf("%d needs %d: %v", i, to, order)
				}
			}
		}
	})
}
