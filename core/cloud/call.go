package cloud

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/gophercloud/gophercloud/v2"

	"hearth/core/yaml"
)

// Call sends one request to a service and gives the answer's JSON object with its keys in
// their order, an empty Map when there is none. Any 2xx is success; errors are described.
// It is for what has no gophercloud package, or whose whole answer counts.
func Call(ctx context.Context, sc *gophercloud.ServiceClient, method, path string, body any) (*yaml.Map, error) {
	resp, err := sc.Request(ctx, method, sc.ServiceURL(path), &gophercloud.RequestOpts{
		JSONBody: body, KeepResponseBody: true,
		OkCodes: []int{http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNonAuthoritativeInfo, http.StatusNoContent},
	})
	if err != nil {
		return nil, Describe(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, Describe(err)
	}
	answer := yaml.NewMap(1)
	if len(bytes.TrimSpace(text)) == 0 {
		return answer, nil
	}
	if err := answer.UnmarshalJSON(text); err != nil {
		return nil, fmt.Errorf("the answer to %s %s: %w", method, path, err)
	}
	return answer, nil
}
