package murano

import "time"

// Category groups packages of the catalogue. PackageCount is counted, not stored. The bun
// tags name the columns of table categories.
type Category struct {
	ID           string    `bun:"id,pk"`
	Name         string    `bun:"name"`
	CreatedAt    time.Time `bun:"created_at"`
	UpdatedAt    time.Time `bun:"updated_at"`
	PackageCount int       `bun:"package_count,scanonly"`
}
