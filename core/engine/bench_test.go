package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
	"hearth/core/resource/heat"
	"hearth/core/store/storetest"
)

// randomStrings is a template of n independent resources.
func randomStrings(n int) string {
	var b strings.Builder
	b.WriteString("heat_template_version: 2018-08-31\nresources:\n")
	for i := range n {
		fmt.Fprintf(&b, "  r%d: {type: OS::Heat::RandomString, properties: {length: 32}}\n", i)
	}
	return b.String()
}

func BenchmarkStack(b *testing.B) {
	for _, db := range []struct {
		name string
		open func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		l := enginetest.New(b, storetest.Open(b, db.open(b)), enginetest.Types(b, heat.Types), nil)
		for _, n := range []int{1, 100, 1000} {
			text := randomStrings(n)
			b.Run(fmt.Sprintf("%s/create-%d", db.name, n), func(b *testing.B) {
				for i := range b.N {
					s := l.Create(l.Request(fmt.Sprintf("s%d-%d-%d", n, b.N, i), text))
					l.Expect(s, "CREATE_COMPLETE")
					b.StopTimer()
					l.Delete(s)
					b.StartTimer()
				}
			})
			b.Run(fmt.Sprintf("%s/noop-%d", db.name, n), func(b *testing.B) {
				s := l.Create(l.Request(fmt.Sprintf("n%d-%d", n, b.N), text))
				r := engine.UpdateRequest{TemplateRequest: l.Request("", text).TemplateRequest}
				for b.Loop() {
					l.Expect(l.Update(s, r), "UPDATE_COMPLETE")
				}
			})
		}
	}
}
