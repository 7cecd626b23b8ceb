package main

import (
	"fmt"
	"net/http"
	"testing"

	"hearth/core/store/storetest"
)

// The list of services follows the processes: a server without an engine has none, an engine
// that stops takes its row along.
func TestServicesOfProcesses(t *testing.T) {
	t.Parallel()
	s := newSite(t, "--database", storetest.Postgres(t))
	api := s.serve("--no-engine")
	expect := func(status, services int) {
		t.Helper()
		s.eventually(fmt.Sprintf("%d services", services), func() error {
			var list struct{ Services []struct{ Status string } }
			got, err := s.call(http.MethodGet, s.heat+"/services", nil, &list)
			if got != status || len(list.Services) != services {
				return fmt.Errorf("%d, %+v, %v", got, list, err)
			}
			return nil
		})
	}
	expect(http.StatusServiceUnavailable, 0)
	first := s.start("engine", "--cloud", s.env["OS_AUTH_URL"])
	second := s.start("engine", "--cloud", s.env["OS_AUTH_URL"])
	expect(http.StatusOK, 2)
	first.terminate()
	expect(http.StatusOK, 1)
	second.terminate()
	expect(http.StatusServiceUnavailable, 0)
	api.terminate()
}
