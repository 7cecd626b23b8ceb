package simcloud

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An account has a record only once somebody gave it headers. Its containers and their
// objects carry its project.

func accountHeaders(t *tx, project string) object {
	if r := t.get("account", project); r != nil {
		return r.obj("headers")
	}
	return nil
}

// sumStored counts objects and their bytes.
func sumStored(list []*record) (count, bytes int) {
	for _, r := range list {
		bytes += r.int("size")
	}
	return len(list), bytes
}

// describeAccount sets the headers of every answer about an account.
func describeAccount(c *call, project string, rep *reply) *reply {
	count, bytes := sumStored(c.having("stored_object", "project", project))
	containers := strconv.Itoa(c.count("container", "project", project))
	for _, suffix := range []string{"", "-Storage-Policy-" + storagePolicy} {
		prefix := "X-Account" + suffix
		rep.with(prefix+"-Container-Count", containers).with(prefix+"-Object-Count", strconv.Itoa(count)).with(prefix+"-Bytes-Used", strconv.Itoa(bytes))
	}
	return rep.withStored(accountHeaders(c.tx, project))
}

// withStored adds headers that clients gave.
func (r *reply) withStored(headers object) *reply {
	for name := range headers {
		r.with(name, headers.str(name))
	}
	return r
}

// modifiedAt is when a container or an object was last written.
func (r *record) modifiedAt() time.Time {
	t, err := time.Parse(cinderTime, r.str("modified"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// timestamp is Swift's form of a time: seconds with five decimals.
func timestamp(t time.Time) string {
	return strconv.FormatFloat(float64(t.UnixMicro()/10)/1e5, 'f', 5, 64)
}

func (r *reply) withModified(record *record) *reply {
	t := record.modifiedAt()
	return r.with("Last-Modified", t.Format(http.TimeFormat)).with("X-Timestamp", timestamp(t))
}

// changeHeaders gives the headers after those of a request: X-<noun>-Meta-* and the named
// ones are kept, an empty value or X-Remove-… takes one away.
func changeHeaders(have object, sent http.Header, noun string, others map[string]bool) object {
	out := object{}
	for k, v := range have {
		out[k] = v
	}
	keeps := func(name string) bool { return strings.HasPrefix(name, "X-"+noun+"-Meta-") || others[name] }
	for name := range sent {
		if rest, removes := strings.CutPrefix(name, "X-Remove-"); removes && keeps("X-"+rest) {
			delete(out, "X-"+rest)
		}
	}
	for name := range sent {
		switch v := sent.Get(name); {
		case !keeps(name):
		case v == "":
			delete(out, name)
		default:
			out[name] = v
		}
	}
	return out
}

func showAccount(c *call) (*reply, error) {
	project, _ := accountOf(c)
	return describeAccount(c, project, &reply{status: http.StatusNoContent}), nil
}

func updateAccount(c *call) (*reply, error) {
	project, _ := accountOf(c)
	headers := changeHeaders(accountHeaders(c.tx, project), c.req.Header, "Account", nil)
	c.put("account", &record{id: project, project: project, object: object{"headers": map[string]any(headers)}})
	return noContent()
}

func listContainers(c *call) (*reply, error) {
	project, _ := accountOf(c)
	var all []listEntry
	for _, r := range c.having("container", "project", project) {
		count, bytes := sumStored(c.having("stored_object", "container", r.id))
		all = append(all, listEntry{r.str("name"), object{"name": r.str("name"), "count": count, "bytes": bytes, "last_modified": r.str("modified")}})
	}
	rep, err := listing(c, all)
	if err != nil {
		return nil, err
	}
	return describeAccount(c, project, rep), nil
}
