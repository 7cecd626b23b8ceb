package main

import (
	"context"
	"fmt"
	"path/filepath"
)

type serveCmd struct {
	flags
	NoEngine bool `help:"Only answer requests; engines run elsewhere on the same PostgreSQL."`
}

// Run serves until the context ends.
func (s *serveCmd) Run(ctx context.Context) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	if s.NoEngine && c.Database == "" {
		return fmt.Errorf("--no-engine wants --database: an engine elsewhere cannot reach the embedded one")
	}
	return run(ctx, c, role{serves: true, works: !s.NoEngine})
}

type engineCmd struct{ flags }

// Run works until the context ends.
func (e *engineCmd) Run(ctx context.Context) error {
	c, err := e.load()
	if err != nil {
		return err
	}
	if c.Database == "" {
		return fmt.Errorf("an engine of its own wants --database: the embedded database has one process")
	}
	return run(ctx, c, role{works: true})
}

func run(ctx context.Context, c *Config, r role) error {
	log, err := newLog(c)
	if err != nil {
		return err
	}
	a, err := NewApp(ctx, c, r, log)
	if err != nil {
		return err
	}
	defer a.Stop()
	if err := a.Start(ctx, r); err != nil {
		return err
	}
	if r.serves {
		a.greet()
	}
	<-ctx.Done()
	return nil
}

// greet prints where everything is.
func (a *App) greet() {
	c := a.Config
	fmt.Printf(`Hearth is ready.

  Heat v1     %s/v1
  Heat CFN    %s/v1
  Murano v1   %s/v1
  all APIs    %s  (/heat, /cfn, /murano)
`, c.url(c.Listen.Heat), c.url(c.Listen.CFN), c.url(c.Listen.Murano), c.url(c.Listen.Main))
	if c.simulated() {
		fmt.Printf(`  identity    %s  (the simulated cloud)

Log in:       . %s
          or  export OS_CLIENT_CONFIG_FILE=%s  and  openstack --os-cloud hearth …
`, c.authURL(), filepath.Join(c.Data, "openrc"), filepath.Join(c.Data, "clouds.yaml"))
	}
}
