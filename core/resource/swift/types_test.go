package swift_test

import (
	"testing"

	"hearth/core/resource/resourcetest"
	"hearth/core/resource/swift"
)

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, swift.Types) }
