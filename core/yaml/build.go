package yaml

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	y4 "go.yaml.in/yaml/v4"
)

// builder makes our tree of the library's. An alias shares the tree of its anchor, but
// counts as often as it is used: whoever walks the tree pays for it.
type builder struct {
	src   []byte
	o     Options
	nodes int
	built map[*y4.Node]anchored
	lines []int // where each line begins; made when it is asked for
}

type anchored struct {
	node   *Node // nil while it is being built
	weight int
}

func (b *builder) root(doc *y4.Node) (*Node, error) {
	n := doc
	if n.Kind == y4.DocumentNode {
		if len(n.Content) == 0 {
			return &Node{Kind: Scalar}, nil
		}
		n = n.Content[0]
	}
	return b.node(n, 1)
}

func (b *builder) node(n *y4.Node, depth int) (*Node, error) {
	if depth > b.o.MaxDepth {
		return nil, b.fail(n, fmt.Sprintf("nested deeper than %d levels", b.o.MaxDepth))
	}
	if n.Kind == y4.AliasNode {
		return b.alias(n)
	}
	before := b.nodes
	if err := b.count(1); err != nil {
		return nil, err
	}
	if n.Anchor == "" {
		return b.content(n, depth)
	}
	if b.built == nil {
		b.built = map[*y4.Node]anchored{}
	}
	b.built[n] = anchored{}
	out, err := b.content(n, depth)
	if err != nil {
		return nil, err
	}
	b.built[n] = anchored{node: out, weight: b.nodes - before}
	return out, nil
}

func (b *builder) alias(n *y4.Node) (*Node, error) {
	a := b.built[n.Alias]
	if a.node == nil {
		return nil, b.fail(n, "found unconstructable recursive node")
	}
	return a.node, b.count(a.weight)
}

func (b *builder) count(n int) error {
	b.nodes += n
	if b.nodes > b.o.MaxNodes {
		return fmt.Errorf("%w: more than %d values, aliases expanded", ErrTooLarge, b.o.MaxNodes)
	}
	return nil
}

func (b *builder) content(n *y4.Node, depth int) (*Node, error) {
	out := &Node{Line: n.Line, Column: n.Column}
	switch n.Kind {
	case y4.SequenceNode:
		return b.sequence(out, n, depth)
	case y4.MappingNode:
		return b.mapping(out, n, depth)
	}
	value, err := b.scalar(n)
	out.Value = value
	return out, err
}

func (b *builder) sequence(out *Node, n *y4.Node, depth int) (*Node, error) {
	pairs := false
	switch tag := explicitTag(n); tag {
	case "", "!!seq":
	case "!!omap", "!!pairs":
		pairs = true
	default:
		return nil, b.unknownTag(n, tag)
	}
	out.Kind = Sequence
	out.Items = make([]*Node, 0, len(n.Content))
	for _, c := range n.Content {
		item, err := b.node(c, depth+1)
		if err != nil {
			return nil, err
		}
		if pairs {
			if item.Kind != Mapping || len(item.Pairs) != 1 {
				return nil, b.fail(c, "expected a mapping of length 1")
			}
			p := item.Pairs[0]
			item = &Node{Kind: Sequence, Items: []*Node{p.At, p.Value}, Line: item.Line, Column: item.Column}
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func (b *builder) mapping(out *Node, n *y4.Node, depth int) (*Node, error) {
	set := false
	switch tag := explicitTag(n); tag {
	case "", "!!map":
	case "!!set":
		set = true
	default:
		return nil, b.unknownTag(n, tag)
	}
	out.Kind = Mapping
	pairs := newPairs(len(n.Content) / 2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			if err := b.merge(pairs, n, n.Content[i+1], depth); err != nil {
				return nil, err
			}
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			continue
		}
		if err := b.pair(pairs, n, n.Content[i], n.Content[i+1], depth); err != nil {
			return nil, err
		}
	}
	out.Pairs = pairs.list
	if set {
		return setOf(out), nil
	}
	return out, nil
}

func (b *builder) pair(pairs *pairs, parent, key, value *y4.Node, depth int) error {
	k, err := b.key(key, depth+1)
	if err != nil {
		return err
	}
	if parent.Style&y4.FlowStyle != 0 && key.Kind == y4.ScalarNode && plain(key) {
		if err := b.oneLine(parent, key); err != nil {
			return err
		}
	}
	if k.Kind != Scalar {
		return markedError(b.src, "while constructing a mapping", mark{parent.Line, parent.Column},
			"found unhashable key", mark{key.Line, key.Column})
	}
	v, err := b.node(value, depth+1)
	if err != nil {
		return err
	}
	p := Pair{Key: keyText(k.Value), At: k, Value: v}
	if IsNumber(k.Value) {
		p.Key = pairs.sameNumber(p)
	}
	pairs.set(p)
	return nil
}

// key is node for a key: there "=" is a text (yaml/constructor.py flatten_mapping).
func (b *builder) key(n *y4.Node, depth int) (*Node, error) {
	if n.Kind == y4.ScalarNode && n.Value == "=" && plain(n) && explicitTag(n) == "" {
		return &Node{Value: n.Value, Line: n.Line, Column: n.Column}, b.count(1)
	}
	return b.node(n, depth)
}

// oneLine refuses a plain key of a flow mapping that goes over a line break, which the
// library takes and PyYAML does not: mostly it is a comment that JSON does not have.
func (b *builder) oneLine(parent, key *y4.Node) error {
	start := b.offset(key.Line, key.Column)
	if key.Value == "" || bytes.HasPrefix(b.src[start:], []byte(key.Value)) {
		return nil
	}
	end := bytes.IndexByte(b.src[start:], ':')
	if line := bytes.IndexByte(b.src[start:], '\n'); line < 0 || end < line {
		return nil
	}
	head := b.src[:start+end]
	at := mark{bytes.Count(head, []byte("\n")) + 1, utf8.RuneCount(head[bytes.LastIndexByte(head, '\n')+1:]) + 1}
	return markedError(b.src, "while parsing a flow mapping", mark{parent.Line, parent.Column}, "expected ',' or '}', but got ':'", at)
}

// offset finds a place in the source.
func (b *builder) offset(line, column int) int {
	if b.lines == nil {
		b.lines = []int{0}
		for i, c := range b.src {
			if c == '\n' {
				b.lines = append(b.lines, i+1)
			}
		}
	}
	i := b.lines[min(line, len(b.lines))-1]
	for ; column > 1 && i < len(b.src); column-- {
		_, size := utf8.DecodeRune(b.src[i:])
		i += size
	}
	return i
}

// merge puts the pairs of << in front: an earlier source and the mapping's own keys win.
func (b *builder) merge(pairs *pairs, parent, value *y4.Node, depth int) error {
	sources := []*y4.Node{value}
	resolved := value
	if resolved.Kind == y4.AliasNode {
		resolved = resolved.Alias
	}
	if resolved.Kind == y4.SequenceNode {
		sources = resolved.Content
	}
	for i := len(sources) - 1; i >= 0; i-- {
		src, err := b.node(sources[i], depth+1)
		if err != nil {
			return err
		}
		if src.Kind != Mapping {
			what, words := "scalar", "expected a mapping or list of mappings for merging, but found "
			if src.Kind == Sequence {
				what = "sequence"
			}
			if len(sources) > 1 || resolved.Kind == y4.SequenceNode {
				words = "expected a mapping for merging, but found "
			}
			return markedError(b.src, "while constructing a mapping", mark{parent.Line, parent.Column},
				words+what, mark{sources[i].Line, sources[i].Column})
		}
		for _, p := range src.Pairs {
			pairs.set(p)
		}
	}
	return nil
}

func isMerge(key *y4.Node) bool {
	return key.Kind == y4.ScalarNode && key.Value == "<<" && plain(key) && explicitTag(key) == ""
}

// explicitTag is the tag that stands in the source, "" when there is none.
func explicitTag(n *y4.Node) string {
	if n.Style&y4.TaggedStyle == 0 {
		return ""
	}
	return n.ShortTag()
}

func (b *builder) unknownTag(n *y4.Node, tag string) error {
	if rest, ok := strings.CutPrefix(tag, "!!"); ok {
		tag = "tag:yaml.org,2002:" + rest
	}
	return b.fail(n, "could not determine a constructor for the tag "+Repr(tag))
}

func (b *builder) fail(n *y4.Node, problem string) error {
	return markedError(b.src, "", mark{}, problem, mark{n.Line, n.Column})
}

// setOf turns !!set into the list of its keys, as Heat's JSON does.
func setOf(m *Node) *Node {
	out := &Node{Kind: Sequence, Line: m.Line, Column: m.Column}
	for _, p := range m.Pairs {
		out.Items = append(out.Items, p.At)
	}
	return out
}

// pairs collects a mapping; the last of two equal keys wins and keeps the first's place.
type pairs struct {
	list  []Pair
	index map[string]int // made when the mapping is long
}

const indexFrom = 16

func newPairs(n int) *pairs {
	p := &pairs{list: make([]Pair, 0, n)}
	if n > indexFrom {
		p.index = make(map[string]int, n)
	}
	return p
}

func (p *pairs) set(pair Pair) {
	if i := p.find(pair.Key); i >= 0 {
		if _, text := pair.At.Value.(string); !text { // of 1 and true, the first is the key
			pair.At = p.list[i].At
		}
		p.list[i] = pair
		return
	}
	p.list = append(p.list, pair)
	switch {
	case p.index != nil:
		p.index[pair.Key] = len(p.list) - 1
	case len(p.list) > indexFrom:
		p.index = make(map[string]int, 2*len(p.list))
		for i, q := range p.list {
			p.index[q.Key] = i
		}
	}
}

// sameNumber gives the key under which an equal number stands already: in Python 1, 1.0
// and true are one key.
func (p *pairs) sameNumber(pair Pair) string {
	for _, q := range p.list {
		if IsNumber(q.At.Value) && Compare(q.At.Value, pair.At.Value) == 0 {
			return q.Key
		}
	}
	return pair.Key
}

func (p *pairs) find(key string) int {
	if p.index != nil {
		if i, ok := p.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range p.list {
		if p.list[i].Key == key {
			return i
		}
	}
	return -1
}
