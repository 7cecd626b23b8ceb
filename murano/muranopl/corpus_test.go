package muranopl_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"
)

// corpusCase is one program with what murano 14 made of it.
type corpusCase struct {
	ID       string
	Packages []struct {
		Name, Version, Format string
		Require               map[string]any
		Meta                  any
		Configs               map[string]map[string]any
		Classes               map[string]string
	}
	Model json.RawMessage
	Call  *struct {
		Object, Class, Version, Method string
		Args                           json.RawMessage
		Kwargs                         json.RawMessage
	}
	Schema *struct {
		ClassName    string `json:"class_name"`
		PackageName  string `json:"package_name"`
		ClassVersion string `json:"class_version"`
		MethodNames  any    `json:"method_names"`
	}
	Finalize        bool
	WantModel       any  `json:"want_model"`
	WantAPIResult   bool `json:"want_api_result"`
	TracesUnordered bool `json:"traces_unordered"`
	Quirk           string
	Expect          map[string]json.RawMessage
}

// TestCorpus runs testdata/corpus/*.jsonl, or the file or directory that CORPUS names, and
// prints the score. Cases listed in knownFailures may fail.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	own := true
	if path := os.Getenv("CORPUS"); path != "" {
		own, files = false, []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(path, "*.jsonl")); err != nil {
				t.Fatal(err)
			}
		}
	}
	passed := 0
	var failed []string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scanner := bufio.NewScanner(bytes.NewReader(raw))
		scanner.Buffer(nil, 16<<20)
		for scanner.Scan() {
			var c corpusCase
			if err := json.Unmarshal(scanner.Bytes(), &c); err != nil {
				t.Fatal(file, err)
			}
			problem := c.run()
			if problem == "" {
				passed++
				continue
			}
			failed = append(failed, c.ID)
			if c.Quirk != "" || knownFailures[c.ID] != "" {
				continue
			}
			if own {
				t.Errorf("%s: %s", c.ID, problem)
			} else {
				t.Logf("%s: %s", c.ID, problem)
			}
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, len(failed))
	for _, id := range failed {
		fmt.Println(id)
	}
}

// compare gives the first difference between what came out and what is expected.
func (c *corpusCase) compare(out map[string]any) string {
	got, want := &renamer{}, &renamer{}
	for _, key := range []string{"result", "api_result", "traces", "logs", "exception", "model", "schema"} {
		raw, ok := c.Expect[key]
		g := out[key]
		if !ok {
			if key == "exception" && g != nil {
				return fmt.Sprintf("unexpected exception %v", g)
			}
			continue
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var w any
		if err := d.Decode(&w); err != nil {
			return err.Error()
		}
		switch key {
		case "exception":
			if g == nil {
				return fmt.Sprintf("no exception, want %s", raw)
			}
			g, w = comparable(g, w)
		case "traces":
			if c.TracesUnordered {
				g, w = sorted(g), sorted(w)
			}
		case "model":
			g = modelLike(g, w)
			w = modelLike(w, w)
		}
		if a, b := got.text(g), want.text(w); a != b {
			return fmt.Sprintf("%s: got %s, want %s%s", key, a, b, note(out["exception"]))
		}
	}
	return ""
}

func note(e any) string {
	if e == nil {
		return ""
	}
	return fmt.Sprintf(" (exception %v)", e)
}

// comparable keeps of an exception what is to be compared.
func comparable(got, want any) (any, any) {
	g, w := map[string]any{}, map[string]any{}
	have, expect := got.(map[string]any), want.(map[string]any)
	for k, v := range expect {
		switch k {
		case "names_exact", "message_exact", "stack":
			continue
		case "names":
			if expect["names_exact"] == false {
				continue
			}
		case "message":
			if expect["message_exact"] == false {
				continue
			}
		case "cause":
			g[k], w[k] = comparable(have[k], v)
			continue
		}
		g[k], w[k] = have[k], v
	}
	return g, w
}

func sorted(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	list = slices.Clone(list)
	sort.SliceStable(list, func(i, j int) bool { return (&renamer{}).text(list[i]) < (&renamer{}).text(list[j]) })
	return list
}

// modelLike keeps the keys that are expected, the attributes in an order of their own.
func modelLike(v, want any) any {
	m, ok := v.(map[string]any)
	w, ok2 := want.(map[string]any)
	if !ok || !ok2 {
		return v
	}
	out := map[string]any{}
	for k := range w {
		out[k] = m[k]
	}
	out["Attributes"] = sorted(out["Attributes"])
	return out
}
