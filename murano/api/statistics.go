package api

import (
	"context"
	"time"

	"hearth/core/httpapi"
	"hearth/murano/environment"
)

type instanceStatistics struct {
	InstanceID string  `json:"instance_id" doc:"The id of the object."`
	Type       int     `json:"type" enum:"0,100,200" doc:"100 an application, 200 a server, 0 neither."`
	TypeName   string  `json:"type_name" doc:"The class of the object."`
	TypeTitle  *string `json:"type_title" nullable:"true"`
	UnitCount  *int    `json:"unit_count" nullable:"true"`
	Active     bool    `json:"active"`
	Duration   int64   `json:"duration" doc:"In seconds."`
}

type aggregatedStatistics struct {
	Type     int   `json:"type" enum:"0,100,200" doc:"100 applications, 200 servers, 0 neither."`
	Count    int   `json:"count" doc:"Those that are gone included."`
	Duration int64 `json:"duration" doc:"Of all together, in seconds."`
}

type requestStatistics struct {
	ID                  int     `json:"id"`
	Host                string  `json:"host"`
	RequestCount        int64   `json:"request_count"`
	ErrorCount          int64   `json:"error_count"`
	AverageResponseTime float64 `json:"average_response_time" doc:"In seconds."`
	RequestsPerTenant   string  `json:"requests_per_tenant" doc:"A JSON object as text: numbers by project."`
	RequestsPerSecond   float64 `json:"requests_per_second"`
	ErrorsPerSecond     float64 `json:"errors_per_second"`
	CPUCount            int     `json:"cpu_count"`
	CPUPercent          float64 `json:"cpu_percent"`
	Created             string  `json:"created"`
	Updated             string  `json:"updated"`
}

type instanceRef struct {
	EnvironmentID string `path:"environment_id" doc:"The environment's id."`
	InstanceID    string `path:"instance_id" doc:"The id of the object."`
}

// statisticsRoutes are the operations of what is counted.
func (a *API) statisticsRoutes() {
	tag := httpapi.Tag("statistics")
	const of = "/environments/{environment_id}/instance-statistics"
	register[instanceRef, []instanceStatistics](a, "GET", of+"/raw/{instance_id}", "get_instance_statistics", "Show how long an instance has been there", a.showInstanceStatistics, tag)
	register[environmentRef, []instanceStatistics](a, "GET", of+"/raw", "get_statistics", "Show how long each instance has been there", a.listInstanceStatistics, tag)
	register[environmentRef, []aggregatedStatistics](a, "GET", of+"/aggregated", "get_aggregated_statistics", "Show how long the instances of each type have been there", a.aggregatedStatistics, tag)
	register[none, []requestStatistics](a, "GET", "/stats", "get_request_statistics", "Show what each host counts of the requests", a.requestStatistics, tag)
}

func (a *API) showInstanceStatistics(ctx context.Context, r *request, in *instanceRef) (any, error) {
	return describeInstances(a.environments.InstanceStatistics(ctx, r.caller, in.EnvironmentID, in.InstanceID))
}

func (a *API) listInstanceStatistics(ctx context.Context, r *request, in *environmentRef) (any, error) {
	return describeInstances(a.environments.InstanceStatistics(ctx, r.caller, in.ID, ""))
}

func describeInstances(rows []environment.InstanceTime, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	out := make([]instanceStatistics, len(rows))
	for i, row := range rows {
		out[i] = instanceStatistics{row.InstanceID, row.Type, row.TypeName, optional(row.TypeTitle), row.UnitCount, row.DestroyedAt == nil, seconds(row.Duration)}
	}
	return out, nil
}

func (a *API) aggregatedStatistics(ctx context.Context, r *request, in *environmentRef) (any, error) {
	sums, err := a.environments.AggregatedStatistics(ctx, r.caller, in.ID)
	if err != nil {
		return nil, err
	}
	out := make([]aggregatedStatistics, len(sums))
	for i, sum := range sums {
		out[i] = aggregatedStatistics{sum.Type, sum.Count, seconds(sum.Duration)}
	}
	return out, nil
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func (a *API) requestStatistics(ctx context.Context, _ *request, _ *none) (any, error) {
	rows, err := a.statistics.All(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]requestStatistics, len(rows))
	for i, s := range rows {
		out[i] = requestStatistics{s.ID, s.Host, s.RequestCount, s.ErrorCount, s.AverageResponseTime, string(s.RequestsPerTenant),
			s.RequestsPerSecond, s.ErrorsPerSecond, s.CPUCount, s.CPUPercent, stamp(s.CreatedAt), stamp(s.UpdatedAt)}
	}
	return out, nil
}
