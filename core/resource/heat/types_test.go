package heat_test

import (
	"testing"

	"hearth/core/resource/heat"
	"hearth/core/resource/resourcetest"
)

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, heat.Types) }
