package core

import "time"

// Service is a process that works as an engine, and when it last said so. The bun tags
// name the columns of table services.
type Service struct {
	ID       string `bun:"id,pk"`
	EngineID string `bun:"engine_id"`
	Host     string `bun:"host"`
	Hostname string `bun:"hostname"`
	Binary   string `bun:"binary_name"`
	Topic    string `bun:"topic"`

	ReportInterval int       `bun:"report_interval"` // seconds
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"` // of the last report
}

// Up reports whether the service counts as alive: its last report is not older than twice
// its interval (heat/common/service_utils.py format_service).
func (s *Service) Up(now time.Time) bool { return s.silent(now) <= 2*s.interval() }

// Lost reports whether the service has been silent for so long, three intervals, that its
// row may go (heat/engine/service.py service_manage_cleanup).
func (s *Service) Lost(now time.Time) bool { return s.silent(now) > 3*s.interval() }

func (s *Service) silent(now time.Time) time.Duration { return now.Sub(s.UpdatedAt) }

func (s *Service) interval() time.Duration { return time.Duration(s.ReportInterval) * time.Second }
