package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"hearth/core/job"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "greet" }

type greeter struct {
	river.WorkerDefaults[greet]
	heard chan string
}

func (g *greeter) Work(_ context.Context, j *river.Job[greet]) error {
	g.heard <- j.Args.Name
	return nil
}

// A job exists when its transaction has committed, and never when it has not.
func TestInsertTx(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		heard := make(chan string, 10)
		workers := river.NewWorkers()
		river.AddWorker(workers, &greeter{heard: heard})
		c, err := job.New(t.Context(), st, job.Config{Workers: workers, MaxWorkers: 4})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if err := c.Stop(ctx); err != nil {
				t.Error(err)
			}
		}()
		insert := func(name string, result error) error {
			return st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := c.InsertTx(ctx, tx, greet{name}, nil); err != nil {
					return err
				}
				return result
			})
		}
		abort := errors.New("abort")
		if err := insert("never", abort); !errors.Is(err, abort) {
			t.Fatal(err)
		}
		if err := insert("kept", nil); err != nil {
			t.Fatal(err)
		}
		select {
		case name := <-heard:
			if name != "kept" {
				t.Fatalf("heard %q", name)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("the job did not run")
		}
	})
}
