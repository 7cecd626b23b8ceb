package store_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/core"
	"hearth/core/store"
	"hearth/core/store/storetest"
)

var oldKey, newKey, otherKey = bytes.Repeat([]byte("o"), 32), bytes.Repeat([]byte("n"), 32), bytes.Repeat([]byte("x"), 32)

// eachAddress runs a test on the address of an empty database of either kind, which no key
// has been used on.
func eachAddress(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, storetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.Postgres(t)) })
}

func exec(t *testing.T, st *store.Store, statement string, args ...any) {
	t.Helper()
	write(t, st, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
}

// start opens a database as a process with these keys does.
func start(t *testing.T, dsn string, keys ...[]byte) (*store.Store, error) {
	t.Helper()
	sealer, err := store.NewSealer(keys[0], keys[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), dsn, sealer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st, st.Migrate(t.Context())
}

func mustStart(t *testing.T, dsn string, keys ...[]byte) *store.Store {
	t.Helper()
	st, err := start(t, dsn, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// estate is one row of every table with sealed columns.
type estate struct {
	Stack       *core.Stack
	Template    *core.RawTemplate
	Files       map[string]string
	Resource    *core.Resource
	Event       *core.Event
	Config      *core.SoftwareConfig
	Deployment  *core.SoftwareDeployment
	Data        map[string]string
	Credentials []core.Credentials // of the stack and of its snapshot
}

const secret = `{"password": "Nightingale"}`

func settle(t *testing.T, st *store.Store) estate {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Microsecond)
	s := newStack("estate")
	s.CreatedAt = now
	e := estate{Stack: s, Data: map[string]string{"password": "Nightingale"}, Files: map[string]string{"f": "Nightingale"},
		Template:   &core.RawTemplate{ID: "t", Template: json.RawMessage(secret), Environment: json.RawMessage(secret), CreatedAt: now},
		Resource:   &core.Resource{ID: "r", StackID: s.ID, RootID: s.ID, Name: "r", Digest: "d", Definition: "1.2.3", CreatedAt: now, UpdatedAt: now},
		Event:      &core.Event{ID: "e", StackID: s.ID, RootID: s.ID, Properties: json.RawMessage(secret), CreatedAt: now},
		Config:     &core.SoftwareConfig{ID: "c", ProjectID: "p", Config: json.RawMessage(secret), CreatedAt: now},
		Deployment: &core.SoftwareDeployment{ID: "d", ProjectID: "p", ConfigID: "c", InputValues: json.RawMessage(secret), OutputValues: json.RawMessage(secret), CreatedAt: now},
	}
	snapshot := &core.StackSnapshot{ID: "n", ProjectID: "p", StackID: s.ID, CreatedAt: now}
	s.Parameters, s.Outputs = json.RawMessage(secret), json.RawMessage(secret)
	r := e.Resource
	r.Properties, r.Attributes, r.Metadata = json.RawMessage(secret), json.RawMessage(secret), json.RawMessage(secret)
	e.Credentials = []core.Credentials{{Token: "Nightingale"}, {Token: "Nightingale"}}
	for _, v := range []struct {
		to    *[]byte
		value any
		about string
	}{{&s.Credentials, e.Credentials[0], s.ID}, {&r.Data, e.Data, r.ID}, {&snapshot.Data, e.Data, snapshot.ID}, {&snapshot.Credentials, e.Credentials[1], s.ID}} {
		var err error
		if *v.to, err = st.Sealer().Seal(v.value, v.about); err != nil {
			t.Fatal(err)
		}
	}
	write(t, st, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.CreateTemplate(ctx, e.Template, e.Files), tx.CreateStack(ctx, s), tx.SaveResources(ctx, []*core.Resource{r}),
			tx.AddEvents(ctx, []core.Event{*e.Event}), tx.CreateConfig(ctx, e.Config), tx.CreateDeployment(ctx, e.Deployment), tx.CreateSnapshot(ctx, snapshot))
	})
	return e
}

// check reads everything and compares it with what was written.
func (e estate) check(t *testing.T, st *store.Store) {
	t.Helper()
	ctx := t.Context()
	got := estate{Credentials: make([]core.Credentials, 2)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	got.Stack, err = st.FindStack(ctx, e.Stack.ID)
	must(err)
	got.Template, got.Files, err = st.FindTemplate(ctx, "t")
	must(err)
	got.Resource, err = st.FindResourceByID(ctx, "r")
	must(err)
	got.Event, err = st.FindEvent(ctx, "e")
	must(err)
	got.Config, err = st.FindConfig(ctx, "p", "c")
	must(err)
	got.Deployment, err = st.FindDeployment(ctx, "p", "d")
	must(err)
	n, err := st.FindSnapshot(ctx, e.Stack.ID, "n")
	must(err)
	must(st.Sealer().Open(n.Data, &got.Data, n.ID))
	must(st.Sealer().Open(n.Credentials, &got.Credentials[1], e.Stack.ID))
	must(st.Sealer().Open(got.Stack.Credentials, &got.Credentials[0], e.Stack.ID))
	data := map[string]string{}
	must(st.Sealer().Open(got.Resource.Data, &data, "r"))
	if d := cmp.Diff(e.Data, data); d != "" {
		t.Error(d)
	}
	want := e
	stack, resource := *e.Stack, *e.Resource
	stack.Credentials, resource.Data = got.Stack.Credentials, got.Resource.Data // sealed anew
	want.Stack, want.Resource = &stack, &resource
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func rotate(t *testing.T, st *store.Store) store.Rotated {
	t.Helper()
	done, err := st.Rotate(t.Context(), store.SealedTables(), func(string, int) {})
	if err != nil || len(done.Unopened) > 0 {
		t.Fatal(done, err)
	}
	return done
}

// sealedValues is how many values an estate has.
const sealedValues = 2 + 1 + 2 + 5 + 1 + 1 + 1 + 2 + 2 + 1

// What an old key sealed is read and written along with the new one until a rotation; then
// the new one is enough, and the old one no longer is. Tokens given out before stay good.
func TestRotate(t *testing.T) {
	eachAddress(t, func(t *testing.T, dsn string) {
		before := mustStart(t, dsn, oldKey)
		e := settle(t, before)
		if _, err := start(t, dsn, newKey); !errors.Is(err, store.ErrWrongKey) {
			t.Error("a process that lacks the old key started:", err)
		}
		both := mustStart(t, dsn, newKey, oldKey)
		e.check(t, both)
		if done := rotate(t, both); done.Values != sealedValues {
			t.Errorf("%d values re-sealed, not %d", done.Values, sealedValues)
		}
		if done := rotate(t, both); done.Values != 0 {
			t.Errorf("%d values re-sealed again", done.Values)
		}
		after := mustStart(t, dsn, newKey)
		e.check(t, after)
		if !bytes.Equal(before.SigningKey(), after.SigningKey()) || len(after.SigningKey()) != 32 {
			t.Error("the signing key has changed")
		}
		if _, err := start(t, dsn, oldKey); !errors.Is(err, store.ErrWrongKey) {
			t.Error("a process with nothing but the old key started:", err)
		}
	})
}

// A rotation that is broken off leaves everything readable with both keys, refuses a process
// that has only one of them, and can be run again. What others write meanwhile counts, too.
func TestRotationBrokenOff(t *testing.T) {
	eachAddress(t, func(t *testing.T, dsn string) {
		before := mustStart(t, dsn, oldKey)
		e := settle(t, before)
		both := mustStart(t, dsn, newKey, oldKey)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if _, err := both.Rotate(ctx, store.SealedTables(), func(string, int) { cancel() }); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		e.check(t, mustStart(t, dsn, newKey, oldKey))
		for _, key := range [][]byte{oldKey, newKey} {
			if _, err := start(t, dsn, key); !errors.Is(err, store.ErrWrongKey) {
				t.Error(err)
			}
		}

		first, table := true, ""
		late := newStack("late")
		late.Parameters = json.RawMessage(secret)
		done, err := both.Rotate(t.Context(), store.SealedTables(), func(now string, _ int) {
			if first {
				write(t, before, func(ctx context.Context, tx *store.Tx) error { return tx.CreateStack(ctx, late) })
			}
			first, table = false, now
		})
		if err != nil || len(done.Unopened) > 0 || table != "stacks" {
			t.Fatal(done, err, table)
		}
		after := mustStart(t, dsn, newKey)
		e.check(t, after)
		if got, err := after.FindStack(t.Context(), late.ID); err != nil || string(got.Parameters) != secret {
			t.Error(got, err)
		}
	})
}

// An installation of before has plain values, values that name no key, and tokens that it
// signed with the encryption key: all stay good, and a rotation seals what is plain.
func TestRotatePlain(t *testing.T) {
	eachAddress(t, func(t *testing.T, dsn string) {
		st := mustStart(t, dsn, oldKey)
		e := settle(t, st)
		exec(t, st, "DELETE FROM settings")
		for table, columns := range map[string]string{"stacks": "parameters outputs", "raw_templates": "template environment", "events": "properties",
			"resources": "properties attributes metadata", "software_configs": "config", "software_deployments": "input_values output_values"} {
			for column := range strings.FieldsSeq(columns) {
				exec(t, st, "UPDATE "+table+" SET "+column+" = ?", secret)
			}
		}
		exec(t, st, "UPDATE stacks SET credentials = ?", sealedOfBefore(t, oldKey, e.Credentials[0], e.Stack.ID))
		exec(t, st, "UPDATE resources SET data = ?, digest = 'd', definition = '1.2.3'", sealedOfBefore(t, oldKey, e.Data, "r"))

		if _, err := start(t, dsn, otherKey); !errors.Is(err, store.ErrWrongKey) {
			t.Error("started with a key that opens nothing:", err)
		}
		both := mustStart(t, dsn, newKey, oldKey)
		e.check(t, both)
		if !bytes.Equal(both.SigningKey(), oldKey) {
			t.Error("tokens given out before are lost")
		}
		rotate(t, both)
		after := mustStart(t, dsn, newKey)
		e.check(t, after)
		if !bytes.Equal(after.SigningKey(), oldKey) {
			t.Error("the signing key has changed")
		}
		if found := storetest.Find(t, after, "Nightingale"); found != nil {
			t.Errorf("still plain in %v", found)
		}
	})
}

// sealedOfBefore seals as was done before keys had ids.
func sealedOfBefore(t *testing.T, key []byte, v any, about string) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	nonce := make([]byte, aead.NonceSize())
	return append(append([]byte{1}, nonce...), aead.Seal(nil, nonce, plain, []byte(about))...)
}

// What no key opens is named, and the old keys are not told to go.
func TestRotateUnopened(t *testing.T) {
	eachAddress(t, func(t *testing.T, dsn string) {
		st := mustStart(t, dsn, oldKey)
		settle(t, st)
		exec(t, st, "UPDATE resources SET data = ?", sealedOfBefore(t, otherKey, "x", "r"))
		both := mustStart(t, dsn, newKey, oldKey)
		done, err := both.Rotate(t.Context(), store.SealedTables(), func(string, int) {})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(store.Rotated{Values: sealedValues - 1, Unopened: []string{"resources.data of r"}}, done); d != "" {
			t.Error(d)
		}
		if _, err := start(t, dsn, newKey); !errors.Is(err, store.ErrWrongKey) {
			t.Error(err)
		}
	})
}

// A sealed value opens in its own row and column alone; the row that was written stays as
// the caller has it.
func TestSealedInPlace(t *testing.T) {
	eachAddress(t, func(t *testing.T, dsn string) {
		st := mustStart(t, dsn, oldKey)
		e := settle(t, st)
		if string(e.Stack.Parameters) != secret || e.Resource.Definition != "1.2.3" {
			t.Error("a caller's row was sealed")
		}
		e.check(t, st)
		exec(t, st, "UPDATE stacks SET outputs = parameters")
		if _, err := st.FindStack(t.Context(), e.Stack.ID); !errors.Is(err, store.ErrSealed) {
			t.Error(err)
		}
		other := newStack("other")
		write(t, st, func(ctx context.Context, tx *store.Tx) error { return tx.CreateStack(ctx, other) })
		exec(t, st, "UPDATE stacks SET parameters = (SELECT parameters FROM stacks WHERE id = ?) WHERE id = ?", e.Stack.ID, other.ID)
		if _, err := st.FindStack(t.Context(), other.ID); !errors.Is(err, store.ErrSealed) {
			t.Error(err)
		}
	})
}

// Processes that start at once on an empty database have one signing key.
func TestStartAtOnce(t *testing.T) {
	eachAddress(t, func(t *testing.T, dsn string) {
		mustStart(t, dsn, oldKey)
		exec(t, mustStart(t, dsn, oldKey), "DELETE FROM settings")
		keys := make([]string, 4)
		var all sync.WaitGroup
		for i := range keys {
			all.Go(func() {
				sealer, err := store.NewSealer(oldKey)
				if err != nil {
					t.Error(err)
					return
				}
				st, err := store.Open(t.Context(), dsn, sealer)
				if err != nil {
					t.Error(err)
					return
				}
				if err := errors.Join(st.Migrate(t.Context()), st.Close()); err != nil {
					t.Error(err)
				}
				keys[i] = string(st.SigningKey())
			})
		}
		all.Wait()
		for _, k := range keys[1:] {
			if k != keys[0] || len(k) != 32 {
				t.Errorf("%x, %x", keys[0], k)
			}
		}
	})
}

func TestInUse(t *testing.T) {
	path := storetest.SQLite(t)
	used := func(want bool) {
		t.Helper()
		if got, err := store.InUse(t.Context(), path); err != nil || got != want {
			t.Error(got, err)
		}
	}
	used(false)
	sealer, err := store.NewSealer(oldKey)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), path, sealer)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	used(true)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	used(false)
}
