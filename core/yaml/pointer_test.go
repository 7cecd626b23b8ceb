package yaml_test

import (
	"testing"

	"hearth/core/yaml"
)

func TestPointer(t *testing.T) {
	n, err := yaml.ParseYAML([]byte("a/b:\n- x\n- {c~d: 1, e: 2}\n"), yaml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	inner := n.Get("a/b").Items[1]
	for _, tc := range []struct {
		at   *yaml.Node
		want string
	}{
		{n, ""}, {n.Pairs[0].At, "/a~1b"}, {n.Get("a/b").Items[0], "/a~1b/0"}, {inner, "/a~1b/1"},
		{inner.Pairs[0].At, "/a~1b/1/c~0d"}, {inner.Get("e"), "/a~1b/1/e"}, {&yaml.Node{}, ""}, {nil, ""},
	} {
		if got := yaml.Pointer(n, tc.at); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
	if got := yaml.PointerAt(n, 3, 12); got != "/a~1b/1/e" {
		t.Errorf("at a place: %q", got)
	}
}
