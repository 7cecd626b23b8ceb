package muranopl_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// render writes a value as the corpus does: maps, lists and scalars, numbers as their text.
func render(v any) any {
	switch v := v.(type) {
	case nil, string, bool:
		return v
	case float64:
		return json.Number(yaql.FloatRepr(v))
	case *muranopl.Object:
		out := map[string]any{"$object": v.ID(), "type": v.Class().Name}
		if v.Name() != nil {
			out["name"] = v.Name()
		}
		return out
	case muranopl.TypeRef:
		return map[string]any{"$type": v.Name, "version": v.Package().Version.String()}
	case *muranopl.Class:
		return map[string]any{"$typeinfo": v.Name, "version": v.Package().Version.String()}
	case *muranopl.Method:
		return map[string]any{"$method": v.Name, "type": v.Class().Name}
	case *muranopl.Property:
		return map[string]any{"$property": v.Name, "type": v.Class().Name}
	case *muranopl.Argument:
		return map[string]any{"$argument": v.Name}
	case *muranopl.Package:
		return map[string]any{"$package": v.Name, "version": v.Version.String()}
	case muranopl.Version:
		return map[string]any{"$version": v.String()}
	case muranopl.Location:
		return map[string]any{"$position": []any{v.File, number(v.Line), number(v.Column)}}
	case time.Time:
		return map[string]any{"$date": v.Format("2006-01-02")}
	case *yaql.Dict:
		return renderDict(v)
	case yaql.Tuple:
		return renderItems(v)
	case yaql.List:
		return renderItems(v)
	case []any:
		return renderItems(v)
	case map[string]any:
		out := map[string]any{}
		for k, item := range v {
			out[k] = render(item)
		}
		return out
	}
	if n := yaql.Big(v); n != nil {
		return json.Number(n.String())
	}
	if k := yaql.KindOf(v); k == yaql.KindSet || k == yaql.KindKeys {
		items, err := (*yaql.Run)(nil).Collect(v)
		if err == nil {
			list := renderItems(items)
			return map[string]any{"$set": sorted(list)}
		}
	}
	return map[string]any{"$opaque": fmt.Sprintf("%T", v)}
}

func number(n int) json.Number { return json.Number(fmt.Sprint(n)) }

func renderItems(items []any) []any {
	out := make([]any, len(items))
	for i := range items {
		out[i] = render(items[i])
	}
	return out
}

func renderDict(d *yaql.Dict) any {
	if d == nil {
		return nil
	}
	out := map[string]any{}
	var pairs []any
	plain := true
	for k, item := range d.All() {
		name, ok := k.(string)
		plain = plain && ok
		out[name] = render(item)
		pairs = append(pairs, []any{render(k), render(item)})
	}
	if plain {
		return out
	}
	return map[string]any{"$dict": sorted(pairs)}
}

// renamer writes values with ids by their first appearance.
type renamer struct{ ids []string }

var (
	randomID = regexp.MustCompile(`[0-9a-f]{32}|<id:\d+>`)
	address  = regexp.MustCompile(`\(0x[0-9a-f]+\)|\(\d{6,}\)|<addr>|\(<addr>\)`)
)

func (r *renamer) rename(s string) string {
	s = randomID.ReplaceAllStringFunc(s, func(id string) string {
		i := slices.Index(r.ids, id)
		if i < 0 {
			i = len(r.ids)
			r.ids = append(r.ids, id)
		}
		return fmt.Sprintf("<id:%d>", i+1)
	})
	return address.ReplaceAllString(s, "<addr>")
}

func (r *renamer) text(v any) string {
	var b strings.Builder
	r.write(&b, v)
	return b.String()
}

func (r *renamer) write(b *strings.Builder, v any) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		blank := func(s string) string { return randomID.ReplaceAllString(s, "<id>") }
		sort.Slice(keys, func(i, j int) bool {
			if x, y := blank(keys[i]), blank(keys[j]); x != y {
				return x < y
			}
			return keys[i] < keys[j]
		})
		b.WriteByte('{')
		for i, k := range keys {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "%q: ", r.rename(k))
			r.write(b, v[k])
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			r.write(b, item)
		}
		b.WriteByte(']')
	case string:
		fmt.Fprintf(b, "%q", r.rename(v))
	case json.Number:
		b.WriteString(v.String())
	default:
		fmt.Fprint(b, v)
	}
}
