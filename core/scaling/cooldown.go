package scaling

import (
	"time"

	"hearth/core/resource"
	"hearth/core/yaml"
)

// The keys of a group's metadata (heat/scaling/cooldown.py): until when it rests, as a
// map of that time to the reason, and whether its size is being changed.
const (
	cooldownEnd       = "cooldown_end"
	scalingInProgress = "scaling_in_progress"
)

// isoTime is how the metadata write times, in UTC.
const isoTime = "2006-01-02T15:04:05.000000"

// resting reports whether the group is in its cooldown.
func resting(c *resource.Context) bool {
	until, _ := restsUntil(c.Metadata)
	return c.Now().Before(until)
}

func restsUntil(metadata *yaml.Map) (until time.Time, reason string) {
	v, _ := metadata.Get(cooldownEnd)
	m, _ := v.(*yaml.Map)
	for k, why := range m.All() {
		until, _ = time.Parse(isoTime, k)
		reason = yaml.Str(why)
	}
	return until, reason
}

// rest writes into the metadata that the group rests for cooldown from now on, or as long
// as it was to rest already.
func rest(c *resource.Context, cooldown time.Duration, reason string) {
	until := c.Now().UTC().Add(max(cooldown, 0))
	if before, _ := restsUntil(c.Metadata); before.After(until) {
		until = before
	}
	note(c, cooldownEnd, yaml.MapOf(until.Format(isoTime), reason))
}

func note(c *resource.Context, key string, value any) {
	m := yaml.NewMap(2)
	if c.Metadata != nil {
		m = c.Metadata.Clone()
	}
	m.Set(key, value)
	c.Metadata = m
}
