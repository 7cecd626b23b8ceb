package murano

// Instance is an application or a server of an environment whose time is counted. The bun
// tags name the columns of table instance_stats.
type Instance struct {
	EnvironmentID string `bun:"environment_id,pk"`
	InstanceID    string `bun:"instance_id,pk"` // of the object
	TenantID      string `bun:"tenant_id"`
	Type          int    `bun:"instance_type"` // 100 an application, 200 a server
	TypeName      string `bun:"type_name"`     // of its class
	TypeTitle     string `bun:"type_title,nullzero"`
	UnitCount     *int   `bun:"unit_count"`
	CreatedAt     int64  `bun:"created"`   // seconds since 1970
	DestroyedAt   *int64 `bun:"destroyed"` // nil: it is active
}
