package yaql_test

import (
	"encoding/json"
	"iter"
	"math"
	"math/big"
	"time"

	"hearth/core/yaql"
)

// members is an ordered map as a host has it.
type members []member

func (m members) Len() int { return len(m) }

func (m members) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, e := range m {
			if !yield(e.name, e.value.input()) {
				return
			}
		}
	}
}

// input makes the host's data of JSON.
func (n *node) input() any {
	switch n.kind {
	case '[':
		items := make([]any, len(n.items))
		for i, v := range n.items {
			items[i] = v.input()
		}
		return items
	case '{':
		return members(n.members)
	}
	var v any
	if err := json.Unmarshal([]byte(n.scalar), &v); err != nil {
		panic(err)
	}
	if _, ok := v.(float64); ok {
		return json.Number(n.scalar)
	}
	return v
}

// render writes a result as the corpus does.
func render(v any) *node {
	scalar := func(v any) *node {
		text, _ := json.Marshal(v)
		return &node{kind: 's', scalar: string(text)}
	}
	switch v := v.(type) {
	case nil, bool, string:
		text, _ := json.Marshal(v)
		return parseJSON(text)
	case int64:
		return scalar(v)
	case *big.Int:
		return &node{kind: 's', scalar: v.String()}
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return scalar(yaql.FloatRepr(v))
		}
		return &node{kind: 's', scalar: yaql.FloatRepr(v)}
	case time.Time:
		return scalar(yaql.ISOTime(v))
	case yaql.Timespan:
		return &node{kind: 's', scalar: v.Total().String()}
	case *yaql.Dict:
		n := &node{kind: '{'}
		for k, item := range v.All() {
			name, ok := k.(string)
			if !ok {
				name = render(k).String()
			}
			n.members = append(n.members, member{name, render(item)})
		}
		return n
	case *yaql.Context:
		return &node{kind: 's', scalar: "null"}
	}
	n := &node{kind: '['}
	if yaql.IsIterable(v) {
		it := (*yaql.Run)(nil).Iterate(v)
		for {
			item, ok, err := it.Next()
			if err != nil || !ok {
				return n
			}
			n.items = append(n.items, render(item))
		}
	}
	return scalar(yaql.TypeName(v))
}
