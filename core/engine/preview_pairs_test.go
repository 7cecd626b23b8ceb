package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// deepest is how many levels of stacks random templates make.
const deepest = 3

// randomTree is a stack to be: a template for every level, of which each is a resource type
// for those above.
type randomTree struct {
	word   string
	on     bool
	levels [deepest]randomTemplate
	count  int    // of names given so far
	fails  string // a resource that cannot be made; "" for none
}

type randomTemplate struct {
	items  []randomItem
	output randomValue
	ref    bool // the output is also what get_resource yields for the stack
}

// randomItem is a resource; of its fields those count that its kind has.
type randomItem struct {
	name, kind, member string // kind of a group's members
	value              randomValue
	replace, condition bool
	rolling            bool // the members of a group are changed one by one
	depends            string
	metadata, deletion randomValue
	count              int
}

// randomValue is a text, or made from a parameter or from another resource, which may not
// be there: then it is the text.
type randomValue struct{ text, form, of string }

// The kinds of resources of which get_attr and get_resource yield a text, or a list.
const (
	kindTest   = "OS::Heat::TestResource"
	kindValue  = "OS::Heat::Value"
	kindRandom = "OS::Heat::RandomString"
	kindNone   = "OS::Heat::None"
	kindGroup  = "OS::Heat::ResourceGroup"
	kindChain  = "OS::Heat::ResourceChain"
	kindScaled = "OS::Heat::AutoScalingGroup"
	kindNested = "nested"
)

var (
	kinds   = []string{kindTest, kindTest, kindValue, kindValue, kindRandom, kindNone, kindGroup, kindScaled, kindChain, kindNested, kindNested}
	members = []string{kindTest, kindRandom, kindNested}
	forms   = []string{"text", "text", "word", "attribute", "attribute", "attribute", "attribute", "reference", "reference", "joined", "all"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func randomStack(r *rand.Rand) *randomTree {
	s := &randomTree{word: "w0", on: r.IntN(2) == 0}
	for level := range s.levels {
		t := &s.levels[level]
		for range 1 + r.IntN(4) {
			t.items = append(t.items, s.item(r, level))
		}
		t.output, t.ref = s.value(r, level), r.IntN(4) == 0
	}
	return s
}

func (s *randomTree) clone() *randomTree {
	c := *s
	for i := range c.levels {
		c.levels[i].items = slices.Clone(s.levels[i].items)
	}
	return &c
}

func (s *randomTree) item(r *rand.Rand, level int) randomItem {
	s.count++
	m := randomItem{name: fmt.Sprintf("r%d%c", level, 'a'+rune(s.count%26)) + fmt.Sprint(s.count/26), kind: pick(r, kinds), member: pick(r, members),
		value: s.value(r, level), count: r.IntN(3), replace: r.IntN(4) == 0, rolling: r.IntN(3) == 0, condition: r.IntN(6) == 0}
	if r.IntN(4) == 0 {
		m.depends = s.other(r, level)
	}
	if r.IntN(5) == 0 {
		m.metadata = s.value(r, level)
	}
	return m
}

// other names a resource of the level; "" when there is none yet.
func (s *randomTree) other(r *rand.Rand, level int) string {
	if len(s.levels[level].items) == 0 {
		return ""
	}
	return pick(r, s.levels[level].items).name
}

func (s *randomTree) value(r *rand.Rand, level int) randomValue {
	return randomValue{pick(r, []string{"t0", "t1", "'%index%'"}), pick(r, forms), s.other(r, level)}
}

// mutate changes one thing.
func (s *randomTree) mutate(r *rand.Rand) {
	level := r.IntN(deepest)
	t := &s.levels[level]
	if len(t.items) == 0 {
		t.items = append(t.items, s.item(r, level))
		return
	}
	i := r.IntN(len(t.items))
	m := &t.items[i]
	switch r.IntN(18) {
	case 0:
		s.word = fmt.Sprintf("w%d", r.IntN(3))
	case 1:
		s.on = !s.on
	case 2:
		t.items = slices.Insert(t.items, i, s.item(r, level))
	case 3:
		t.items = slices.Delete(t.items, i, i+1)
	case 4:
		m.name = s.item(r, level).name
	case 5:
		m.kind = pick(r, kinds)
	case 6:
		m.replace = !m.replace
	case 7:
		m.metadata = s.value(r, level)
	case 8:
		m.deletion.text = pick(r, []string{"", "Delete", "Retain"})
	case 9:
		m.depends = s.other(r, level)
	case 10:
		m.count = r.IntN(4)
	case 11:
		r.Shuffle(len(t.items), func(i, j int) { t.items[i], t.items[j] = t.items[j], t.items[i] })
	case 12:
		t.output, t.ref = s.value(r, level), r.IntN(4) == 0
	case 13:
		m.condition = !m.condition
	case 14:
		m.member = pick(r, members)
	case 15:
		m.rolling = !m.rolling
	default:
		m.value = s.value(r, level)
	}
}

func (s *randomTree) side() side {
	out := side{word: s.word, on: s.on, files: map[string]string{}}
	for level := range s.levels {
		text := s.template(level)
		if level == 0 {
			out.text = text
			continue
		}
		out.files[nestedFile(level)] = text
	}
	return out
}

func nestedFile(level int) string { return fmt.Sprintf("level%d.yaml", level) }

// template writes the template of a level.
func (s *randomTree) template(level int) string {
	w := &randomWriter{level: level, fails: s.fails, there: map[string]randomItem{}}
	w.WriteString("heat_template_version: 2021-04-16\nparameters: {word: {type: string}, lit: {type: boolean}}\nconditions: {lit: {get_param: lit}}\nresources:\n")
	for _, m := range s.levels[level].items {
		w.item(m)
		if !m.condition {
			w.there[m.name] = m
		}
	}
	if len(s.levels[level].items) == 0 {
		w.WriteString("  only: {type: OS::Heat::None}\n")
	}
	t := s.levels[level]
	fmt.Fprintf(w, "outputs:\n  out: {value: %s}\n", w.value(t.output))
	if t.ref {
		fmt.Fprintf(w, "  OS::stack_id: {value: %s}\n", w.value(t.output))
	}
	return w.String()
}

// randomWriter writes one template; there are the resources that others may refer to.
type randomWriter struct {
	strings.Builder
	level int
	fails string
	there map[string]randomItem
}

func (w *randomWriter) item(m randomItem) {
	kind := w.kind(m.kind)
	fmt.Fprintf(w, "  %s:\n    type: %s\n", m.name, kind)
	if p := w.properties(kind, m); p != "" {
		fmt.Fprintf(w, "    properties: %s\n", p)
	}
	if m.condition {
		w.WriteString("    condition: lit\n")
	}
	if _, ok := w.there[m.depends]; ok {
		fmt.Fprintf(w, "    depends_on: %s\n", m.depends)
	}
	if m.metadata.text != "" {
		fmt.Fprintf(w, "    metadata: {m: %s}\n", w.value(m.metadata))
	}
	if m.rolling && kind == kindGroup {
		w.WriteString("    update_policy: {rolling_update: {max_batch_size: 1, min_in_service: 1}}\n")
	}
	if m.deletion.text != "" {
		fmt.Fprintf(w, "    deletion_policy: %s\n", m.deletion.text)
	}
}

// kind is a type as the template names it: on the last level there is nothing below.
func (w *randomWriter) kind(kind string) string {
	last := w.level == deepest-1
	switch {
	case last && slices.Contains([]string{kindNested, kindGroup, kindChain, kindScaled}, kind):
		return kindTest
	case kind == kindNested:
		return nestedFile(w.level + 1)
	}
	return kind
}

// member is a kind of group members: with a nested stack each there is one level more.
func (w *randomWriter) member(kind string) string {
	if kind == kindNested && w.level == deepest-2 {
		return kindTest
	}
	return w.kind(kind)
}

func (w *randomWriter) properties(kind string, m randomItem) string {
	value := w.value(m.value)
	switch kind {
	case kindTest:
		return fmt.Sprintf("{value: %s, update_replace: %t, fail: %t}", value, m.replace, m.name == w.fails)
	case kindValue, kindNone:
		return fmt.Sprintf("{value: %s}", value)
	case kindRandom:
		if m.replace {
			return fmt.Sprintf("{length: 16, salt: %s}", value)
		}
		return "{length: 16}"
	case kindGroup:
		member := w.member(m.member)
		return fmt.Sprintf("{count: %d, resource_def: {type: %s, properties: %s}}", m.count, member, w.properties(member, m))
	case kindScaled:
		member, size, rolling := w.member(m.member), "", ""
		if m.replace {
			size = fmt.Sprintf("desired_capacity: %d, ", m.count)
		}
		if m.rolling {
			rolling = "rolling_updates: {min_in_service: 1, max_batch_size: 2}, "
		}
		return fmt.Sprintf("{min_size: %d, max_size: 4, %s%sresource: {type: %s, properties: %s}}", m.count, size, rolling, member, w.properties(member, m))
	case kindChain:
		types := make([]string, m.count)
		for i := range types {
			types[i] = kindTest
		}
		return fmt.Sprintf("{resources: [%s], concurrent: %t, resource_properties: {value: %s}}", strings.Join(types, ", "), m.replace, value)
	}
	return fmt.Sprintf("{word: %s, lit: {get_param: lit}}", value)
}

// value writes a value that is a text.
func (w *randomWriter) value(v randomValue) string {
	of, ok := w.there[v.of]
	switch {
	case v.form == "word":
		return "{get_param: word}"
	case !ok || v.form == "text":
		return v.text
	case v.form == "reference":
		return fmt.Sprintf("{get_resource: %s}", v.of)
	}
	attribute := w.attribute(of)
	switch v.form {
	case "joined":
		return fmt.Sprintf("{list_join: ['-', [%s, {get_param: word}, %s]]}", v.text, attribute)
	case "all":
		return fmt.Sprintf("{str_replace: {template: '<X>', params: {X: {get_resource: %s}}}}", v.of)
	}
	return attribute
}

// attribute reads a text of another resource.
func (w *randomWriter) attribute(of randomItem) string {
	switch kind := w.kind(of.kind); kind {
	case kindTest:
		return fmt.Sprintf("{get_attr: [%s, output]}", of.name)
	case kindValue, kindRandom:
		return fmt.Sprintf("{get_attr: [%s, value]}", of.name)
	case kindNone:
		return fmt.Sprintf("{get_resource: %s}", of.name)
	case kindChain:
		return fmt.Sprintf("{list_join: ['+', {get_attr: [%s, output]}]}", of.name)
	case kindGroup, kindScaled:
		attribute := map[string]string{kindTest: "output", kindRandom: "value"}[w.member(of.member)]
		if attribute == "" {
			attribute = "out"
		}
		if of.replace {
			attribute = "refs"
		}
		if kind == kindScaled && attribute != "refs" {
			attribute = "outputs_list, " + attribute
		}
		return fmt.Sprintf("{list_join: ['+', {get_attr: [%s, %s]}]}", of.name, attribute)
	}
	return fmt.Sprintf("{get_attr: [%s, out]}", of.name)
}
