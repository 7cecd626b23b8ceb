package main

import (
	"bytes"
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hearth/core/store/storetest"
)

// patientFor is how long work may rest after a crash before it goes on.
const patientFor = 10 * time.Second

// size says how hard a run of chaos is.
type size struct{ groups, kills, restarts int }

// Three engines share the stack of a template of many cloud objects. While it is created,
// updated and deleted engines are killed and started again, and PostgreSQL restarts. The
// stack gets there by itself, and the cloud has every object exactly once.
//
// CHAOS_SEEDS says how many runs of full size there are, CHAOS_SEED where they begin; two
// small ones without it.
func TestChaos(t *testing.T) {
	seeds, s := 2, size{groups: 16, kills: 5, restarts: 1}
	if v := os.Getenv("CHAOS_SEEDS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		seeds, s = n, size{groups: 100, kills: 20, restarts: 2}
	}
	first, _ := strconv.Atoi(os.Getenv("CHAOS_SEED"))
	for seed := first + 1; seed <= first+seeds; seed++ {
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) {
			t.Parallel()
			newChaos(t, uint64(seed), s).run()
		})
	}
}

// node is one attempt at a node of a walk.
type node struct{ id, attempt int }

// chaos is one run.
type chaos struct {
	*site
	size
	seed    uint64
	rand    *rand.Rand
	cluster *storetest.Cluster
	db      *sql.DB
	api     *process
	engines [3]*process // nil: dead
	rises   [3]time.Time
	before  map[string][]string // ids of objects that are not the stack's
	lost    map[node]time.Time  // since when nobody has had them
	rest    time.Duration       // the longest that work rested
	killed  int
}

func newChaos(t *testing.T, seed uint64, s size) *chaos {
	c := &chaos{size: s, seed: seed, rand: rand.New(rand.NewPCG(seed, 0))}
	var err error
	if c.cluster, err = storetest.StartCluster(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	dsn, err := c.cluster.CreateDatabase(t.Context(), "chaos", "")
	if err != nil {
		t.Fatal(err)
	}
	if c.db, err = sql.Open("pgx", dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.db.Close() })
	c.site = newSite(t, "--database", dsn)
	return c
}

func (c *chaos) run() {
	began := time.Now()
	c.api = c.serve("--no-engine")
	c.slow(20)
	for i := range c.engines {
		c.engines[i] = c.startEngine()
	}
	c.before = c.ids()
	path := c.createStack("chaos", cloudful(c.groups))
	id := path[strings.LastIndex(path, "/")+1:]
	c.phase(id, "CREATE", 5*c.groups)
	c.awaitStack(path, "CREATE_COMPLETE")
	c.expectExactly(id, 5*c.groups)

	c.must(http.MethodPut, c.heat+path, map[string]any{"template": cloudfulLater(c.groups), "disable_rollback": true}, nil)
	c.phase(id, "UPDATE", 4*c.groups)
	c.awaitStack(path, "UPDATE_COMPLETE")
	c.expectExactly(id, 5*c.groups)

	c.must(http.MethodDelete, c.heat+path, nil, nil)
	c.phase(id, "DELETE", 5*c.groups)
	c.awaitStack(path, "DELETE_COMPLETE")
	c.expectExactly(id, 0)
	c.t.Logf("seed %d: %d kills, the longest rest was %v, %v in all", c.seed, c.killed, c.rest.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}

// cloudfulLater is what cloudful becomes: a tenth of its groups go and as many come; a
// third of the others changes in place, a third is replaced in part, a third stays.
func cloudfulLater(n int) map[string]any {
	out := cloudful(n + n/10)
	resources := out["resources"].(map[string]any)
	for i := range n + n/10 {
		properties := func(name string) map[string]any {
			return resources[fmt.Sprintf("%s%d", name, i)].(map[string]any)["properties"].(map[string]any)
		}
		switch {
		case i < n/10:
			for _, name := range []string{"net", "subnet", "port", "key", "volume"} {
				delete(resources, fmt.Sprintf("%s%d", name, i))
			}
		case i%3 == 0:
			properties("net")["name"] = fmt.Sprintf("chaos-net-%d", i)
			properties("port")["name"] = fmt.Sprintf("chaos-port-%d", i)
			properties("volume")["size"] = 2
		case i%3 == 1:
			properties("subnet")["cidr"] = fmt.Sprintf("10.%d.%d.0/24", 200+i/250, i%250)
			properties("key")["name"] = fmt.Sprintf("chaos-key-%d", i)
			properties("volume")["availability_zone"] = "nova"
		}
	}
	return out
}

func (c *chaos) startEngine() *process { return c.start("engine", "--cloud", c.env["OS_AUTH_URL"]) }

// blow is one thing that goes wrong, once so much has been done.
type blow struct {
	after   int // results
	wait    time.Duration
	restart bool          // PostgreSQL, else an engine
	clean   bool          // of PostgreSQL
	engine  int           // which one
	away    time.Duration // how long the engine stays away
}

// blows is what goes wrong in a phase of so many results.
func (c *chaos) blows(results int) []blow {
	var out []blow
	for i := range c.kills + c.restarts {
		b := blow{after: c.rand.IntN(results * 9 / 10), wait: time.Duration(c.rand.IntN(30)) * time.Millisecond,
			restart: i < c.restarts, clean: i%2 == 1, engine: c.rand.IntN(len(c.engines))}
		if c.rand.IntN(2) == 0 {
			b.away = time.Duration(c.rand.IntN(2000)) * time.Millisecond
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b blow) int { return cmp.Compare(a.after, b.after) })
	return out
}

// phase strikes while an action of about so many results is under way, and returns when
// it has ended.
func (c *chaos) phase(stack, action string, results int) {
	c.t.Helper()
	blows := c.blows(results)
	began, moved, events := time.Now(), time.Now(), 0
	var due time.Time // of the next blow; zero: it has not come to that
	for n := 0; ; {
		now := time.Now()
		p, err := c.look(stack, action, began)
		switch {
		case err != nil:
			c.t.Logf("seed %d: %s: %v", c.seed, action, err) // PostgreSQL has only just come back
		case p.status != "IN_PROGRESS":
			c.rest = max(c.rest, now.Sub(moved))
			c.t.Logf("seed %d: %s took %v, %d of %d blows", c.seed, action, time.Since(began).Round(time.Millisecond), n, len(blows))
			c.rise(now.Add(time.Minute))
			return
		case p.events != events:
			c.rest = max(c.rest, now.Sub(moved))
			moved, events = now, p.events
		}
		for n, since := range c.lost {
			if now.Sub(since) > patientFor {
				c.fail("%s: a resource is IN_PROGRESS and nobody has had it for %v: %+v", action, now.Sub(since), n)
			}
		}
		if now.Sub(moved) > patientFor {
			c.fail("%s: nothing has happened for %v after %d of %d blows", action, now.Sub(moved), n, len(blows))
		}
		c.rise(now)
		if n < len(blows) && p.results >= blows[n].after {
			if due.IsZero() {
				due = now.Add(blows[n].wait)
			}
			if now.After(due) && c.strike(blows[n]) {
				n, due = n+1, time.Time{}
				moved = time.Now()
				clear(c.lost)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// strike reports whether there was anything to strike at.
func (c *chaos) strike(b blow) bool {
	c.t.Helper()
	if b.restart {
		restart := c.cluster.Restart
		if b.clean {
			restart = c.cluster.RestartCleanly
		}
		if err := restart(); err != nil {
			c.fail("restart PostgreSQL: %v", err)
		}
		return true
	}
	for i := range c.engines {
		at := (b.engine + i) % len(c.engines)
		if p := c.engines[at]; p != nil {
			p.kill()
			c.killed++
			c.engines[at], c.rises[at] = nil, time.Now().Add(b.away)
			return true
		}
	}
	return false
}

// rise starts the engines whose time has come, and those that have ended by themselves:
// one gives up when it finds no database at its start.
func (c *chaos) rise(now time.Time) {
	for i, p := range c.engines {
		if p != nil && p.ended() {
			p.kill()
			p = nil
		}
		if p == nil && now.After(c.rises[i]) {
			c.engines[i] = c.startEngine()
		}
	}
}

// ended reports whether the process waits to be buried.
func (p *process) ended() bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	_, state, _ := bytes.Cut(stat, []byte(") "))
	return err != nil || bytes.HasPrefix(state, []byte("Z"))
}

// fail says how to have the run again.
func (c *chaos) fail(format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("make chaos SEEDS=1 FROM=%d: %s", c.seed-1, fmt.Sprintf(format, args...))
}

// progress is how far an action has come.
type progress struct {
	status  string
	events  int // of its action
	results int
}

func (c *chaos) look(stack, action string, since time.Time) (p progress, err error) {
	err = c.db.QueryRow(`SELECT CASE WHEN action = $2 THEN status ELSE 'IN_PROGRESS' END,
			(SELECT count(*) FROM events WHERE stack_id = $1 AND created_at >= $3),
			(SELECT count(*) FROM events WHERE stack_id = $1 AND created_at >= $3 AND status = 'COMPLETE')
		FROM stacks WHERE id = $1`, stack, action, since).Scan(&p.status, &p.events, &p.results)
	if err != nil {
		return p, err
	}
	rows, err := c.db.Query("SELECT id, attempt FROM nodes WHERE stack_id = $1 AND state = 2 AND lease_until < $2", stack, time.Now().UnixMilli())
	if err != nil {
		return p, err
	}
	defer rows.Close()
	lost := map[node]time.Time{}
	for rows.Next() {
		var n node
		if err := rows.Scan(&n.id, &n.attempt); err != nil {
			return p, err
		}
		if lost[n] = time.Now(); !c.lost[n].IsZero() {
			lost[n] = c.lost[n]
		}
	}
	c.lost = lost
	return p, rows.Err()
}

// kinds are where the cloud lists the objects of each type.
func (c *chaos) kinds() map[string][2]string {
	return map[string][2]string{
		"OS::Neutron::Net": {"networks", c.cloud["network"] + "/v2.0/networks"}, "OS::Neutron::Subnet": {"subnets", c.cloud["network"] + "/v2.0/subnets"},
		"OS::Neutron::Port": {"ports", c.cloud["network"] + "/v2.0/ports"}, "OS::Nova::KeyPair": {"keypairs", c.cloud["compute"] + "/os-keypairs"},
		"OS::Cinder::Volume": {"volumes", c.cloud["volumev3"] + "/volumes"},
	}
}

// ids lists every object that the cloud has, by type.
func (c *chaos) ids() map[string][]string {
	c.t.Helper()
	out := map[string][]string{}
	for typ, kind := range c.kinds() {
		var answer map[string]any
		c.must(http.MethodGet, kind[1], nil, &answer)
		for _, v := range answer[kind[0]].([]any) {
			o := v.(map[string]any)
			id, _ := o["id"].(string)
			if pair, ok := o["keypair"].(map[string]any); ok {
				id = pair["name"].(string)
			}
			out[typ] = append(out[typ], id)
		}
	}
	return out
}

// expectExactly fails the test unless the objects of the cloud and those of the stack's
// resources are the same, so many of them, and nothing of a walk is left.
func (c *chaos) expectExactly(stack string, n int) {
	c.t.Helper()
	rows, err := c.db.Query("SELECT type, name, COALESCE(physical_id, ''), action || '_' || status FROM resources WHERE stack_id = $1", stack)
	if err != nil {
		c.fail("%v", err)
	}
	defer rows.Close()
	owner, count := map[string]string{}, 0
	for rows.Next() {
		var typ, name, id, state string
		if err := rows.Scan(&typ, &name, &id, &state); err != nil {
			c.fail("%v", err)
		}
		if !strings.HasSuffix(state, "_COMPLETE") {
			c.fail("%s is %s", name, state)
		}
		if other, ok := owner[typ+id]; ok {
			c.fail("%s and %s are the same object %s", name, other, id)
		}
		owner[typ+id] = name
		count++
	}
	if err := rows.Err(); err != nil || count != n {
		c.fail("the stack has %d resources, not %d (%v)", count, n, err)
	}
	for typ, ids := range c.ids() {
		for _, id := range ids {
			if _, ok := owner[typ+id]; !ok && !slices.Contains(c.before[typ], id) {
				c.fail("the cloud has the %s %s that no resource stands for", typ, id)
			}
			delete(owner, typ+id)
		}
	}
	if len(owner) > 0 {
		c.fail("the cloud has lost %v", slices.Sorted(maps.Values(owner)))
	}
	var left int
	if err := c.db.QueryRow("SELECT (SELECT count(*) FROM nodes) + (SELECT count(*) FROM edges)").Scan(&left); err != nil || left > 0 {
		c.fail("%d rows of walks are left (%v)", left, err)
	}
}
