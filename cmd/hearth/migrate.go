package main

import "context"

type migrateCmd struct{ flags }

// Run brings the database up to date.
func (m *migrateCmd) Run(ctx context.Context) error {
	c, err := m.load()
	if err != nil {
		return err
	}
	log, err := newLog(c)
	if err != nil {
		return err
	}
	s, err := loadSecrets(c)
	if err != nil {
		return err
	}
	a := &App{Config: c, log: log}
	defer a.Stop()
	return a.openStore(ctx, s)
}
