package murano

import (
	"encoding/hex"

	"github.com/google/uuid"
)

// NewID makes the id of a row or an object: 32 hexadecimal digits. Later ids sort after
// earlier ones.
func NewID() string {
	id := uuid.Must(uuid.NewV7())
	return hex.EncodeToString(id[:])
}
