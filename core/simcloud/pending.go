package simcloud

import "time"

// begin marks a changed object as still at work for the cloud's build time:
// until then during is shown over its attributes. Nothing runs meanwhile; the
// clock decides at each read.
func (c *call) begin(o, during object) {
	delete(o, "_pending")
	if c.cloud.buildTime > 0 {
		o["_pending"] = map[string]any{"until": c.now.Add(c.cloud.buildTime).Format(time.RFC3339Nano), "during": map[string]any(during)}
	}
	c.spoil(o)
}

// spoil makes the object end the way an injected fault wants.
func (c *call) spoil(o object) {
	if s := c.injected.Become; s != "" {
		o["status"] = s
		o["_because"] = c.injected.Message
	}
}

// current is a record as it stands now.
func (c *call) current(r *record) *record {
	p := r.obj("_pending")
	if p == nil {
		return r
	}
	if until, err := time.Parse(time.RFC3339Nano, p.str("until")); err != nil || !c.now.Before(until) {
		return r
	}
	now := r.clone()
	for k, v := range p.obj("during") {
		now.object[k] = v
	}
	return now
}
