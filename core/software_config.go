package core

import (
	"encoding/json"
	"time"
)

// SoftwareConfig is a stored, immutable configuration (heat/objects/software_config.py).
// Config is its whole body: config, inputs, outputs, options. The bun tags name the
// columns of table software_configs.
type SoftwareConfig struct {
	ID        string          `bun:"id,pk"`
	ProjectID string          `bun:"project_id"`
	Name      string          `bun:"name"`
	Group     string          `bun:"group_name"`
	Config    json.RawMessage `bun:"config,type:text"`
	CreatedAt time.Time       `bun:"created_at"`
}

// ConfigInUse is Heat's answer to the removal of a software config that a deployment refers
// to (heat/db/api.py software_config_delete).
func ConfigInUse(id string) *Error {
	return Errorf(Invalid, "InvalidRestrictedAction", "Software config with id %s can not be deleted as it is referenced.", id)
}
