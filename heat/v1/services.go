package v1

import (
	"context"
	"time"
)

// serviceView is an engine as the API presents it (heat/common/service_utils.py
// format_service).
type serviceView struct {
	ID             string  `json:"id" format:"uuid"`
	Binary         string  `json:"binary" example:"heat-engine"`
	EngineID       string  `json:"engine_id" format:"uuid"`
	Host           string  `json:"host"`
	Hostname       string  `json:"hostname"`
	Topic          string  `json:"topic" example:"engine"`
	ReportInterval int     `json:"report_interval" example:"60" doc:"Seconds between two reports."`
	CreatedAt      string  `json:"created_at" example:"2026-01-02T03:04:05.000000"`
	UpdatedAt      string  `json:"updated_at" example:"2026-01-02T03:04:05.000000" doc:"When it last reported."`
	DeletedAt      *string `json:"deleted_at" doc:"Always null."`
	Status         string  `json:"status" enum:"up,down" doc:"Down is an engine that has missed two reports."`
}

type serviceList struct {
	Body struct {
		Services []serviceView `json:"services"`
	}
}

func (a *API) listServices(ctx context.Context, _ *struct{}) (*serviceList, error) {
	services, err := a.engine.Services(ctx)
	if err != nil {
		return nil, err
	}
	out := &serviceList{}
	for _, s := range services {
		v := serviceView{ID: s.ID, Binary: s.Binary, EngineID: s.EngineID, Host: s.Host, Hostname: s.Hostname, Topic: s.Topic,
			ReportInterval: s.ReportInterval, CreatedAt: moment(s.CreatedAt), UpdatedAt: moment(s.UpdatedAt), Status: "down"}
		if s.Up {
			v.Status = "up"
		}
		out.Body.Services = append(out.Body.Services, v)
	}
	return out, nil
}

// moment is how services write a time: to the second, with the places of a fraction, and
// without a zone.
func moment(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05.000000")
}
