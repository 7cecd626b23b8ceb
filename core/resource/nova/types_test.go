package nova_test

import (
	"testing"

	"hearth/core/resource/nova"
	"hearth/core/resource/resourcetest"
)

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, nova.Types) }
