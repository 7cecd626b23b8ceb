package cinder_test

import (
	"testing"

	"hearth/core/resource/cinder"
	"hearth/core/resource/resourcetest"
)

func TestTypes(t *testing.T) { resourcetest.CheckTypes(t, cinder.Types) }
