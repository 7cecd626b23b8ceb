package murano

// BrokerSpace is a space of a platform, which is one environment of the broker's project.
// The bun tags name the columns of table broker_spaces.
type BrokerSpace struct {
	ID            string `bun:"id,pk"` // the platform's
	EnvironmentID string `bun:"environment_id"`
}

// BrokerInstance is a service instance of a platform, which is one service of an
// environment. The bun tags name the columns of table broker_instances.
type BrokerInstance struct {
	ID             string `bun:"id,pk"` // the platform's
	ServiceID      string `bun:"service_id"`
	EnvironmentID  string `bun:"environment_id"`
	OrganizationID string `bun:"organization_id"` // the platform's
	TenantID       string `bun:"tenant_id"`
}
