package murano

import (
	"encoding/json"
	"time"
)

// RequestStatistics is what a host that serves the API has counted. The bun tags name the
// columns of table request_statistics.
type RequestStatistics struct {
	ID                  int             `bun:"id,pk"`
	Host                string          `bun:"host"`
	RequestCount        int64           `bun:"request_count"`
	ErrorCount          int64           `bun:"error_count"`
	AverageResponseTime float64         `bun:"average_response_time"`         // seconds
	RequestsPerTenant   json.RawMessage `bun:"requests_per_tenant,type:text"` // numbers by project
	RequestsPerSecond   float64         `bun:"requests_per_second"`
	ErrorsPerSecond     float64         `bun:"errors_per_second"`
	CPUCount            int             `bun:"cpu_count"`
	CPUPercent          float64         `bun:"cpu_percent"`
	CreatedAt           time.Time       `bun:"created_at"`
	UpdatedAt           time.Time       `bun:"updated_at"`
}
