package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"
)

const (
	readers  = 8               // clients, each with a connection that it keeps
	warming  = time.Second     // before the figures count
	measured = 5 * time.Second // of each kind of read
)

// reads is what one serving process answers to clients that ask for the same again and
// again, all on the same processors: how often in a second, and how long one waits.
func (b *bench) reads(db string) error {
	return b.with(db, func(s *site) error {
		if err := atOnce(999, readers, func(i int) error {
			_, err := s.create(map[string]any{"stack_name": fmt.Sprintf("one-of-many-%d", i), "tags": "some,tags", "template": hot(map[string]any{"r": randomString})})
			return err
		}); err != nil {
			return err
		}
		stack, err := s.create(map[string]any{"stack_name": "hundred", "template": hundred()})
		if err != nil {
			return err
		}
		for _, read := range []struct {
			name, path string
			goals      [2]float64 // requests a second: SQLite, PostgreSQL
		}{
			{"stack list (20 of 1000)", "/stacks?limit=20", [2]float64{3000, 2000}},
			{"stack show", stack, [2]float64{3000, 2000}},
			{"resource list of 100", stack + "/resources", [2]float64{3000, 2000}},
			{"event list (20 of 202)", stack + "/events?limit=20", [2]float64{3000, 2000}},
			{"event list (all 202)", stack + "/events", [2]float64{}},
		} {
			goal := read.goals[0]
			if db == postgres {
				goal = read.goals[1]
			}
			if err := b.throughput(s, read.name, db, s.heat+read.path, goal); err != nil {
				return fmt.Errorf("%s: %w", read.name, err)
			}
		}
		return nil
	})
}

// hundred is a template of 100 resources, with parameters and outputs to show.
func hundred() map[string]any {
	t := mixedTemplate(100)
	parameters := t["parameters"].(map[string]any)
	outputs := map[string]any{}
	for i := range 5 {
		name := fmt.Sprintf("p%d", i)
		parameters[name] = map[string]any{"type": "string", "default": "a value of " + name, "description": "One of five."}
		outputs["o"+name] = map[string]any{"description": "One of five.", "value": map[string]any{"get_attr": []any{fmt.Sprintf("r%d", i), "value"}}}
	}
	t["outputs"] = outputs
	return t
}

// throughput has all readers ask for one address and reports what they got.
func (b *bench) throughput(s *site, name, db, address string, goal float64) error {
	if _, err := s.ask(address, warming); err != nil {
		return err
	}
	before, err := s.metric("process_cpu_seconds_total")
	if err != nil {
		return err
	}
	began := time.Now()
	times, err := s.ask(address, measured)
	if err != nil {
		return err
	}
	took := time.Since(began)
	after, err := s.metric("process_cpu_seconds_total")
	if err != nil {
		return err
	}
	slices.Sort(times)
	b.reach(name+": requests a second", db, float64(len(times))/took.Seconds(), "1/s", goal)
	for _, p := range []int{50, 99} {
		b.report(fmt.Sprintf("%s: p%d", name, p), db, []float64{percentile(times, p)}, "ms", 0)
	}
	cpu := (after - before) / float64(len(times)) * 1e6
	b.report(name+": processor time of a request", db, []float64{cpu}, "µs", 0) // a busy machine does not change it
	return nil
}

// percentile is one of ordered values.
func percentile(ordered []float64, p int) float64 { return ordered[(len(ordered)-1)*p/100] }

// ask has all readers ask for an address until the time is over, and gives how many
// milliseconds each answer took.
func (s *site) ask(address string, during time.Duration) ([]float64, error) {
	each := make([][]float64, readers)
	end := time.Now().Add(during)
	err := atOnce(readers, readers, func(i int) error {
		r, err := s.newReader(address)
		if err != nil {
			return err
		}
		defer r.conn.Close()
		for began := time.Now(); began.Before(end); {
			if err := r.get(); err != nil {
				return err
			}
			now := time.Now()
			each[i] = append(each[i], now.Sub(began).Seconds()*1e3)
			began = now
		}
		return nil
	})
	return slices.Concat(each...), err
}

// reader asks for one address over one connection. It writes a request that is made once,
// and reads but status, headers and the length of the answer: it takes little of the
// processors that the server is measured on.
type reader struct {
	conn    net.Conn
	answers *bufio.Reader
	request []byte
	size    int64 // of the first answer; nothing changes meanwhile
}

func (s *site) newReader(address string) (*reader, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nX-Auth-Token: %s\r\nAccept: application/json\r\n\r\n", u.RequestURI(), u.Host, s.token)
	return &reader{conn: conn, answers: bufio.NewReaderSize(conn, 64<<10), request: []byte(text)}, nil
}

func (r *reader) get() error {
	if _, err := r.conn.Write(r.request); err != nil {
		return err
	}
	answer, err := http.ReadResponse(r.answers, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	size, err := io.Copy(io.Discard, answer.Body)
	switch {
	case err != nil:
		return err
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("the answer is %s", answer.Status)
	case r.size == 0:
		r.size = size
	case size != r.size:
		return fmt.Errorf("an answer has %d bytes, the first had %d", size, r.size)
	}
	return nil
}
