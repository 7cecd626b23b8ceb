package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"hearth/core/store/storetest"
)

// bench is one run of the program.
type bench struct {
	hearth string
	runs   int
	only   *regexp.Regexp
	missed int

	cluster   *storetest.Cluster // nil until a case wants PostgreSQL
	databases int                // made in it
}

const (
	none     = "none"
	sqlite   = "sqlite"
	postgres = "postgres"
)

var both = []string{sqlite, postgres}

// cases are what is measured. Each starts what it needs itself, on a fresh database.
var cases = []struct {
	name      string
	databases []string
	run       func(b *bench, db string) error
}{
	{"language", []string{none}, (*bench).language},
	{"programs", []string{none}, (*bench).programs},
	{"idle", both, (*bench).idle},
	{"random-strings", both, (*bench).randomStrings},
	{"chain", both, (*bench).chain},
	{"group", both, (*bench).group},
	{"burst", both, (*bench).burst},
	{"waiting", both, (*bench).waiting},
	{"latency", both, (*bench).latency},
	{"engines", []string{postgres}, (*bench).engines},
	{"nested", both, (*bench).nested},
	{"reads", both, (*bench).reads},
	{"many-stacks", both, (*bench).manyStacks},
	{"environments", both, (*bench).environments},
}

func (b *bench) measure() (err error) {
	defer func() {
		if b.cluster != nil {
			err = errors.Join(err, b.cluster.Stop())
		}
	}()
	for _, c := range cases {
		for _, db := range c.databases {
			if !b.only.MatchString(db + "/" + c.name) {
				continue
			}
			if err := c.run(b, db); err != nil {
				return fmt.Errorf("%s/%s: %w", db, c.name, err)
			}
		}
	}
	return nil
}

// database gives the address of a fresh database, "" for SQLite.
func (b *bench) database(db string) (dsn string, err error) {
	if db != postgres {
		return "", nil
	}
	if b.cluster == nil {
		if b.cluster, err = storetest.StartCluster(); err != nil {
			return "", err
		}
	}
	b.databases++
	return b.cluster.CreateDatabase(context.Background(), fmt.Sprintf("bench%d", b.databases), "")
}

// with runs fn against a fresh server.
func (b *bench) with(db string, fn func(s *site) error) (err error) {
	s, err := b.newSite(db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.serve(); err != nil {
		return err
	}
	return fn(s)
}

// times runs a case b.runs times and reports the median of each operation that it times;
// goals are by operation, in seconds: SQLite's, PostgreSQL's.
func (b *bench) times(db string, s *site, name string, goals map[string][2]float64, run func(s *site, name string, took func(op string, seconds float64)) error) error {
	var order []string
	taken := map[string][]float64{}
	for i := range b.runs {
		err := run(s, fmt.Sprintf("bench-%s-%d", strings.ReplaceAll(name, " ", "-"), i), func(op string, seconds float64) {
			if taken[op] == nil {
				order = append(order, op)
			}
			taken[op] = append(taken[op], seconds)
		})
		if err != nil {
			return err
		}
	}
	for _, op := range order {
		goal := goals[op][0]
		if db == postgres {
			goal = goals[op][1]
		}
		b.report(name+": "+op, db, taken[op], "s", goal)
	}
	return nil
}
