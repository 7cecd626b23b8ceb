package simcloud

import (
	"net/url"
	"slices"
	"strings"
)

// matchesTags answers tags, tags-any, not-tags and not-tags-any, each a comma
// separated list; equals already covers tags.
func matchesTags(v object, q url.Values) bool {
	have := v.strs("tags")
	all := func(want []string) bool {
		return !slices.ContainsFunc(want, func(t string) bool { return !slices.Contains(have, t) })
	}
	some := func(want []string) bool {
		return slices.ContainsFunc(want, func(t string) bool { return slices.Contains(have, t) })
	}
	wanted := func(k string) []string { return strings.Split(q.Get(k), ",") }
	switch {
	case q.Has("tags-any") && !some(wanted("tags-any")),
		q.Has("not-tags") && all(wanted("not-tags")),
		q.Has("not-tags-any") && some(wanted("not-tags-any")):
		return false
	}
	return true
}

func (n *networkNoun) listTags(c *call) (*reply, error) {
	r, err := n.find(c, c.param("id"))
	if err != nil {
		return nil, err
	}
	return ok(object{"tags": r.object["tags"]})
}

func (n *networkNoun) replaceTags(c *call) (*reply, error) {
	r, err := n.own(c, c.param("id"), "update")
	if err != nil {
		return nil, err
	}
	tags, isList := c.in["tags"].([]any)
	if !isList || len(tags) != len(c.in.strs("tags")) {
		return nil, &apiError{400, "InvalidInput", "Invalid input for tags: a list of strings was expected."}
	}
	list := c.in.strs("tags")
	slices.Sort(list)
	r = c.touch(n.kind, r, object{"tags": anyList(slices.Compact(list))})
	return ok(object{"tags": r.object["tags"]})
}

func (n *networkNoun) clearTags(c *call) (*reply, error) {
	r, err := n.own(c, c.param("id"), "update")
	if err != nil {
		return nil, err
	}
	c.touch(n.kind, r, object{"tags": []any{}})
	return noContent()
}

func (n *networkNoun) tagged(c *call, tag string) error {
	r, err := n.find(c, c.param("id"))
	if err == nil && !slices.Contains(r.strs("tags"), tag) {
		err = &apiError{404, "TagNotFound", "Tag " + tag + " could not be found."}
	}
	return err
}

func (n *networkNoun) checkTag(c *call) (*reply, error) {
	if err := n.tagged(c, c.param("tag")); err != nil {
		return nil, err
	}
	return noContent()
}

func (n *networkNoun) addTag(c *call) (*reply, error) {
	r, err := n.own(c, c.param("id"), "update")
	if err != nil {
		return nil, err
	}
	if tag := c.param("tag"); !slices.Contains(r.strs("tags"), tag) {
		c.touch(n.kind, r, object{"tags": anyList(append(r.strs("tags"), tag))})
	}
	return created(nil)
}

func (n *networkNoun) removeTag(c *call) (*reply, error) {
	tag := c.param("tag")
	if err := n.tagged(c, tag); err != nil {
		return nil, err
	}
	r, err := n.own(c, c.param("id"), "update")
	if err != nil {
		return nil, err
	}
	c.touch(n.kind, r, object{"tags": anyList(slices.DeleteFunc(r.strs("tags"), func(t string) bool { return t == tag }))})
	return noContent()
}
