package environment

import (
	"sync"
	"time"

	"hearth/core/yaml"
)

// progress is what a task keeps in its row: the model as far as it is true, and how far
// each object has come. A process that takes the task over goes on from it.
type progress struct {
	Model   *yaml.Map            `json:"model"`
	Objects map[string]*pushMark `json:"objects,omitempty"` // by object id

	mu sync.Mutex // objects are deployed at once, and the whole is saved meanwhile
}

// change lets fn change the model.
func (p *progress) change(fn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fn()
}

// pushMark says that an object's stack was about to be created or changed at that time. A
// stack that has been since then was so by this task, and is not to be changed again.
type pushMark struct {
	At time.Time `json:"at"`
}

// mark notes that an object is about to be pushed, and gives the mark that is there
// already, from a process before this one.
func (p *progress) mark(objectID string, now time.Time) (before *pushMark) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if before = p.Objects[objectID]; before != nil {
		return before
	}
	if p.Objects == nil {
		p.Objects = map[string]*pushMark{}
	}
	p.Objects[objectID] = &pushMark{At: now}
	return nil
}

// attribute gives what the class noted of an object under a name.
func (p *progress) attribute(objectID, name string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, item := range attributes(p.Model) {
		if a, ok := item.([]any); ok && len(a) == 4 && a[0] == objectID && a[2] == name {
			s, ok := a[3].(string)
			return s, ok
		}
	}
	return "", false
}

// setAttribute notes a value of an object for its class.
func (p *progress) setAttribute(objectID, class, name, value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Model.Set(keyAttributes, append(attributes(p.Model), []any{objectID, class, name, value}))
}

// forget drops the attributes of an object that is gone.
func (p *progress) forget(objectID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := []any{}
	for _, item := range attributes(p.Model) {
		if a, ok := item.([]any); !ok || len(a) == 0 || a[0] != objectID {
			left = append(left, item)
		}
	}
	p.Model.Set(keyAttributes, left)
}

func attributes(model *yaml.Map) []any {
	v, _ := model.Get(keyAttributes)
	list, _ := v.([]any)
	return list
}
