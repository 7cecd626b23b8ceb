package waitsignal

import (
	"fmt"
	"slices"
	"strings"

	"hearth/core"
	"hearth/core/yaml"
)

// The values that the status of a signal may have.
const (
	Success = "SUCCESS"
	Failure = "FAILURE"
)

// Keys name the parts of a signal, which are all that it may have
// (heat/engine/resources/wait_condition.py METADATA_KEYS).
type Keys struct{ ID, Status, Reason, Data string }

// Native are the keys of signals to OS::Heat handles.
var Native = Keys{ID: "id", Status: "status", Reason: "reason", Data: "data"}

// CloudFormation are the keys of signals to handles of CloudFormation.
var CloudFormation = Keys{ID: "UniqueId", Status: "Status", Reason: "Reason", Data: "Data"}

// Keep puts a signal into the metadata of its handle, under its id; one of that id that is
// there already gives way. The text is what the event of the signal says. It returns a
// ValueError for a body that is not a map of just these keys, or of another status.
func (k Keys) Keep(metadata *yaml.Map, body any) (text string, err error) {
	given, ok := body.(*yaml.Map)
	if !ok || given.Len() != 4 || !given.Has(k.ID) || !given.Has(k.Reason) || !given.Has(k.Data) {
		return "", errFormat()
	}
	status, _ := given.Get(k.Status)
	if !slices.Contains([]any{Success, Failure}, status) {
		return "", errFormat()
	}
	entry := given.Clone()
	id, _ := entry.Get(k.ID)
	entry.Delete(k.ID)
	metadata.Set(yaml.Str(id), entry)
	reason, _ := entry.Get(k.Reason)
	return fmt.Sprintf("status:%s reason:%s", yaml.Str(status), yaml.Str(reason)), nil
}

// KeepNative is Native.Keep of a signal that may leave anything out: without an id it is
// known by its number, and without a status it is one of success.
func KeepNative(metadata *yaml.Map, body any) (text string, err error) {
	entry := yaml.NewMap(4)
	switch b := body.(type) {
	case nil:
	case *yaml.Map:
		entry = b.Clone()
	default:
		return "", errFormat()
	}
	number := metadata.Len() + 1
	for _, d := range []struct {
		key   string
		value any
	}{
		{Native.Reason, fmt.Sprintf("Signal %d received", number)}, {Native.Data, nil},
		{Native.ID, int64(number)}, {Native.Status, Success},
	} {
		if !entry.Has(d.key) {
			entry.Set(d.key, d.value)
		}
	}
	return Native.Keep(metadata, entry)
}

func errFormat() error { return core.Errorf(core.Invalid, "ValueError", "Metadata format invalid") }

// signal is one entry of a handle's metadata.
type signal struct {
	id             string
	status, reason string
	data           any
}

// read gives the signals that a handle's metadata hold, in their order, whatever keys they
// came with.
func read(metadata *yaml.Map) []signal {
	var out []signal
	for id, v := range metadata.All() {
		entry, ok := v.(*yaml.Map)
		if !ok {
			continue
		}
		k := Native
		if !entry.Has(k.Status) {
			k = CloudFormation
		}
		data, _ := entry.Get(k.Data)
		out = append(out, signal{id: id, status: text(entry, k.Status), reason: text(entry, k.Reason), data: data})
	}
	return out
}

func text(m *yaml.Map, key string) string {
	v, _ := m.Get(key)
	return yaml.Str(v)
}

// Received tells how far a wait for count signals got, by the reasons of the good ones.
func Received(good []string, count int) string {
	message := fmt.Sprintf("%d of %d received", len(good), count)
	if len(good) > 0 {
		message += " - " + strings.Join(good, ";")
	}
	return message
}
