package scenariotest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/core/converge/scenariotest"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// Every scenario, on both databases.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if err := scenariotest.Play(t.Context(), st, string(text)); err != nil {
					t.Error(err)
				}
			})
		}
	})
}
