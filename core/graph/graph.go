// Package graph is a directed acyclic graph over any comparable keys: order, layers, and
// cycles with their path.
package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Graph holds nodes and which node needs which. The zero value is empty and ready.
type Graph[K comparable] struct {
	order []K
	nodes map[K]*node[K]
}

type node[K comparable] struct {
	key   K
	needs []K
}

// CycleError says that nodes need each other; Path is the cycle, its first node again at
// the end.
type CycleError[K comparable] struct{ Path []K }

func (e *CycleError[K]) Error() string {
	texts := make([]string, len(e.Path))
	for i, k := range e.Path {
		texts[i] = fmt.Sprint(k)
	}
	return "circular dependency: " + strings.Join(texts, " needs ")
}

// Add puts a node in; one that is there stays.
func (g *Graph[K]) Add(key K) {
	if g.nodes == nil {
		g.nodes = map[K]*node[K]{}
	}
	if g.nodes[key] == nil {
		g.nodes[key] = &node[K]{key: key}
		g.order = append(g.order, key)
	}
}

// Edge says that from needs to: to comes first. Both are added; a second equal edge is nothing.
func (g *Graph[K]) Edge(from, to K) {
	g.Add(from)
	g.Add(to)
	if f := g.nodes[from]; !slices.Contains(f.needs, to) {
		f.needs = append(f.needs, to)
	}
}

// Len is the number of nodes.
func (g *Graph[K]) Len() int { return len(g.order) }

// Has reports whether the node is there.
func (g *Graph[K]) Has(key K) bool { return g.nodes[key] != nil }

// Needs gives what a node needs, in the order of Edge.
func (g *Graph[K]) Needs(key K) []K {
	if n := g.nodes[key]; n != nil {
		return slices.Clone(n.needs)
	}
	return nil
}

// Reverse gives the graph with every edge turned: the order of deletion.
func (g *Graph[K]) Reverse() *Graph[K] {
	out := &Graph[K]{}
	for _, k := range g.order {
		out.Add(k)
	}
	for _, k := range g.order {
		for _, to := range g.nodes[k].needs {
			out.Edge(to, k)
		}
	}
	return out
}

// Order gives the nodes so that each stands behind all that it needs. It depends on the
// order of Add and Edge alone. It returns a *CycleError when there is none.
func (g *Graph[K]) Order() ([]K, error) {
	out := make([]K, 0, len(g.order))
	state := make(map[K]int8, len(g.order)) // 1 being visited, 2 done
	type frame struct {
		n    *node[K]
		next int
	}
	for _, root := range g.order {
		if state[root] != 0 {
			continue
		}
		state[root] = 1
		stack := []frame{{n: g.nodes[root]}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(top.n.needs) {
				state[top.n.key] = 2
				out = append(out, top.n.key)
				stack = stack[:len(stack)-1]
				continue
			}
			k := top.n.needs[top.next]
			top.next++
			switch state[k] {
			case 0:
				state[k] = 1
				stack = append(stack, frame{n: g.nodes[k]})
			case 1:
				path := []K{k}
				for i := len(stack) - 1; stack[i].n.key != k; i-- {
					path = append(path, stack[i].n.key)
				}
				path = append(path, k)
				slices.Reverse(path)
				return nil, &CycleError[K]{Path: path}
			}
		}
	}
	return out, nil
}

// Layers gives the nodes in layers: those of a layer need only nodes of earlier layers
// and may be done at once. It returns a *CycleError when there is a cycle.
func (g *Graph[K]) Layers() ([][]K, error) {
	order, err := g.Order()
	if err != nil {
		return nil, err
	}
	level := make(map[K]int, len(order))
	var layers [][]K
	for _, k := range order {
		l := 0
		for _, to := range g.nodes[k].needs {
			l = max(l, level[to]+1)
		}
		level[k] = l
		if l == len(layers) {
			layers = append(layers, nil)
		}
		layers[l] = append(layers[l], k)
	}
	return layers, nil
}
