package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/core/engine"
	"hearth/core/engine/enginetest"
)

// Updates that come at once are all taken, one after the other, and the last one taken wins:
// none is lost without a word.
func TestUpdatesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, l *enginetest.Lab) {
		const at = 8
		s := l.Create(l.Request("s", withValue("first", 0)))
		errs := make([]error, at)
		var all sync.WaitGroup
		for i := range at {
			all.Go(func() {
				errs[i] = l.Engine.Update(t.Context(), l.Caller, engine.StackRef{ID: s.ID}, update(l, withValue(fmt.Sprintf("v%d", i), 0)))
			})
		}
		all.Wait()
		if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
			t.Fatal("an update was refused:", errs[i])
		}
		s = l.Wait(s.ID)
		l.Expect(s, "UPDATE_COMPLETE")
		begun := 0
		for _, e := range l.Events(s) {
			if e == "s UPDATE_IN_PROGRESS: Stack UPDATE started" {
				begun++
			}
		}
		if begun != at {
			t.Fatalf("%d of %d updates have begun", begun, at)
		}
		raw, _, err := l.RawTemplate(t.Context(), l.Caller, engine.StackRef{ID: s.ID})
		if err != nil {
			t.Fatal(err)
		}
		if value := strings.Trim(l.Output(s, "o"), `"`); !strings.Contains(string(raw.Template), `"value":"`+value+`"`) && !strings.Contains(string(raw.Template), `"value": "`+value+`"`) {
			t.Fatalf("the stack is %s, and its template %s", value, raw.Template)
		}
	})
}
