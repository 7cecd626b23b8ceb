package yaml

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// parseJSON reads a JSON document as a tree with places.
func parseJSON(src []byte, o Options) (*Node, error) {
	p := &jsonTree{jsonScanner: jsonScanner{src: src, maxDepth: o.MaxDepth}, o: o, line: 1, column: 1}
	p.space()
	n, err := p.node(1)
	if err != nil {
		return nil, err
	}
	return n, p.end()
}

type jsonTree struct {
	jsonScanner
	o     Options
	nodes int
	// the place of offset counted
	counted, line, column int
}

// place finds line and column of an offset; offsets only grow.
func (p *jsonTree) place(at int) (line, column int) {
	for {
		i := bytes.IndexByte(p.src[p.counted:at], '\n')
		if i < 0 {
			p.column += utf8.RuneCount(p.src[p.counted:at])
			p.counted = at
			return p.line, p.column
		}
		p.counted += i + 1
		p.line, p.column = p.line+1, 1
	}
}

func (p *jsonTree) node(depth int) (*Node, error) {
	if p.nodes++; p.nodes > p.o.MaxNodes {
		return nil, fmt.Errorf("%w: more than %d values", ErrTooLarge, p.o.MaxNodes)
	}
	n := &Node{}
	n.Line, n.Column = p.place(p.i)
	switch p.peek() {
	case '{':
		n.Kind = Mapping
		pairs := newPairs(0)
		err := p.object(depth, func(key string, at int) error {
			k := &Node{Value: key}
			k.Line, k.Column = p.place(at)
			v, err := p.node(depth + 1)
			if err == nil {
				pairs.set(Pair{Key: key, At: k, Value: v})
			}
			return err
		})
		n.Pairs = pairs.list
		return n, err
	case '[':
		n.Kind = Sequence
		return n, p.array(depth, func() error {
			v, err := p.node(depth + 1)
			n.Items = append(n.Items, v)
			return err
		})
	}
	var err error
	n.Value, err = p.scalar()
	return n, err
}
