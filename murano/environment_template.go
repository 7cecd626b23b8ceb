package murano

import (
	"encoding/json"
	"time"
)

// EnvironmentTemplate is what environments are made of: services under a name. Model is the request that
// made it, as the API echoes it, with its services. The bun tags name the columns of table
// environment_templates.
type EnvironmentTemplate struct {
	ID              string          `bun:"id,pk"`
	TenantID        string          `bun:"tenant_id"`
	Name            string          `bun:"name"`
	DescriptionText string          `bun:"description_text"`
	Version         int64           `bun:"version"` // always 0, as upstream
	IsPublic        bool            `bun:"is_public"`
	Model           json.RawMessage `bun:"model,type:text"`
	CreatedAt       time.Time       `bun:"created_at"`
	UpdatedAt       time.Time       `bun:"updated_at"`
}
