package native

import (
	"context"
	"net/url"

	"hearth/core/cloud"
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// metadefBrowserClass is io.murano.system.MetadefBrowser
// (murano/engine/system/metadef_browser.py): the metadata definitions of the image service. It
// is asked only about objects that have tags.
var metadefBrowserClass = &muranopl.Native{Name: "io.murano.system.MetadefBrowser",
	New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.Opt("regionName", yaql.Any, nil), yaql.Opt("cache", yaql.Boolean, true)},
		Body: func(c *yaql.Call) (any, error) {
			_, s, err := begin(c)
			return &metadefBrowser{session: s, region: c.Args[0], cache: c.Bool(1), known: map[string]yaql.Tuple{}}, err
		}},
	Methods: []muranopl.NativeMethod{
		{Function: &yaql.Function{Name: "getNamespaces", Params: []yaql.Param{yaql.P("resourceType", yaql.String)}, Body: func(c *yaql.Call) (any, error) {
			return browse(c, "metadefs/namespaces?"+url.Values{"resource_types": {c.String(0)}}.Encode(), "namespaces")
		}}},
		{Function: &yaql.Function{Name: "getObjects", Params: []yaql.Param{yaql.P("namespace", yaql.String)}, Body: func(c *yaql.Call) (any, error) {
			return browse(c, "metadefs/namespaces/"+url.PathEscape(c.String(0))+"/objects", "objects")
		}}},
	},
}

type metadefBrowser struct {
	session *Session
	region  any // nil: that of the CloudRegion around
	cache   bool
	known   map[string]yaql.Tuple // by path
}

func browse(c *yaql.Call, path, key string) (any, error) {
	th, this := muranopl.ThreadOf(c), muranopl.This(c)
	b, ok := this.Native().(*metadefBrowser)
	if !ok {
		return nil, failure("AttributeError", "The MetadefBrowser is not initialized")
	}
	if found, ok := b.known[path]; ok && b.cache {
		return found, nil
	}
	region, err := regionOf(th, this, b.region)
	if err != nil {
		return nil, err
	}
	var found yaql.Tuple
	err = wait(th, func(ctx context.Context) error {
		client, err := b.session.client(ctx, region)
		if err != nil {
			return err
		}
		image, err := client.Image()
		if err != nil {
			return err
		}
		for next := path; next != ""; {
			page, err := cloud.Call(ctx, image, "GET", next, nil)
			if err != nil {
				return err
			}
			items, _ := page.Get(key)
			list, _ := items.([]any)
			for _, item := range list {
				found = append(found, yaql.Input(item))
			}
			next = followed(page, path)
		}
		return nil
	})
	if err != nil {
		return nil, httpError("glanceclient", err)
	}
	b.known[path] = found
	return found, nil
}

// followed is the path of the next page of a list of Glance's; "" when there is none.
func followed(page *yaml.Map, path string) string {
	next, _ := page.Get("next")
	text, _ := next.(string)
	at, err := url.Parse(text)
	if text == "" || err != nil {
		return ""
	}
	first, err := url.Parse(path)
	if err != nil {
		return ""
	}
	return first.EscapedPath() + "?" + at.RawQuery
}
