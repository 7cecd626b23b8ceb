package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf16"

	y4 "go.yaml.in/yaml/v4"
)

// Options are the limits of Parse; 0 stands for the default of each.
type Options struct {
	MaxBytes int // of the text; default: none
	MaxNodes int // after aliases are expanded; default 1,000,000
	MaxDepth int // of nesting; default 200

	// Plain gives the value of a plain scalar that would be a text; ok is false for those
	// that are one. Tagged does the same for a scalar with a tag of the host's own.
	Plain  func(text string) (v any, ok bool)
	Tagged func(tag, text string) (v any, ok bool, err error)
}

const (
	defaultMaxNodes = 1_000_000
	defaultMaxDepth = 200
)

// SyntaxError says where a text is neither JSON nor YAML 1.1, and why. Message is
// PyYAML's text with its snippet of the source.
type SyntaxError struct {
	Line, Column int // from 1; 0 when unknown
	Message      string
}

func (e *SyntaxError) Error() string { return e.Message }

// ErrTooLarge is what Parse returns (wrapped) for a text that exceeds one of Options.
var ErrTooLarge = errors.New("the document is too large")

// Parse reads one document: JSON first, as Heat does (1e3 is a number there), then
// YAML 1.1 as PyYAML's safe loader with timestamps left as text
// (heat/common/template_format.py). The last of two equal keys wins. An empty text
// gives a null Scalar. Errors are *SyntaxError, or wrap ErrTooLarge.
func Parse(src []byte, o Options) (*Node, error) { return parse(src, o, true) }

func parse(src []byte, o Options, tryJSON bool) (*Node, error) {
	if o.MaxBytes > 0 && len(src) > o.MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLarge, len(src), o.MaxBytes)
	}
	o.defaults()
	if tryJSON && looksLikeJSON(src) {
		if n, err := parseJSON(src, o); err == nil || errors.Is(err, ErrTooLarge) {
			return n, err
		}
	}
	return parseYAML(src, o)
}

// looksLikeJSON spares the JSON attempt on texts that cannot be JSON.
func looksLikeJSON(src []byte) bool {
	s := bytes.TrimLeft(src, " \t\r\n")
	if len(s) == 0 {
		return false
	}
	switch c := s[0]; c {
	case '{', '[', '"', '-', 't', 'f', 'n', 'N', 'I':
		return true
	default:
		return c >= '0' && c <= '9'
	}
}

// ParseAll reads a stream of YAML documents as ParseYAML reads one.
func ParseAll(src []byte, o Options) ([]*Node, error) {
	if o.MaxBytes > 0 && len(src) > o.MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrTooLarge, len(src), o.MaxBytes)
	}
	o.defaults()
	if err := checkCharacters(src); err != nil {
		return nil, err
	}
	loader, err := y4.NewLoader(bytes.NewReader(joinSurrogates(src)))
	if err != nil {
		return nil, err
	}
	var out []*Node
	b := &builder{src: src, o: o}
	for {
		var doc y4.Node
		switch err := loader.Load(&doc); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, syntaxError(src, err)
		}
		n, err := b.root(&doc)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
}

func (o *Options) defaults() {
	if o.MaxNodes <= 0 {
		o.MaxNodes = defaultMaxNodes
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = defaultMaxDepth
	}
}

func parseYAML(src []byte, o Options) (*Node, error) {
	if err := checkCharacters(src); err != nil {
		return nil, err
	}
	doc, err := load(src)
	if doc == nil || err != nil {
		return &Node{}, err
	}
	b := &builder{src: src, o: o}
	return b.root(doc)
}

// load reads the one document of the text; nil when there is none.
func load(src []byte) (*y4.Node, error) {
	loader, err := y4.NewLoader(bytes.NewReader(joinSurrogates(src)))
	if err != nil {
		return nil, err
	}
	var doc, second y4.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, syntaxError(src, err)
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
		return &doc, nil
	case err != nil:
		return nil, syntaxError(src, err)
	}
	return nil, twoDocuments(src, &doc, &second)
}

var surrogates = regexp.MustCompile(`\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})`)

// joinSurrogates writes the pairs of JSON's \uD83D\uDE00 as the one character that they
// are, which YAML knows as \U0001F600.
func joinSurrogates(src []byte) []byte {
	if !bytes.Contains(src, []byte(`\u`)) {
		return src
	}
	return surrogates.ReplaceAllFunc(src, func(pair []byte) []byte {
		high, _ := strconv.ParseUint(string(pair[2:6]), 16, 32)
		low, _ := strconv.ParseUint(string(pair[8:12]), 16, 32)
		return fmt.Appendf(nil, `\U%08X`, utf16.DecodeRune(rune(high), rune(low)))
	})
}

// ParseYAML is Parse without the attempt to read JSON first.
func ParseYAML(src []byte, o Options) (*Node, error) { return parse(src, o, false) }
