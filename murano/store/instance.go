package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/murano"
)

// TrackInstance begins to count the time of an instance; of one that is counted already the
// units alone change (murano/db/services/instances.py track_instance).
func TrackInstance(ctx context.Context, db bun.IDB, i *murano.Instance) error {
	_, err := db.NewInsert().Model(i).ModelTableExpr("instance_stats").
		On("CONFLICT (environment_id, instance_id) DO UPDATE").Set("unit_count = EXCLUDED.unit_count").Exec(ctx)
	return err
}

// UntrackInstance ends the time of an instance; one that is not counted is success.
func UntrackInstance(ctx context.Context, db bun.IDB, environmentID, instanceID string, now time.Time) error {
	_, err := db.NewRaw("UPDATE instance_stats SET destroyed = ? WHERE environment_id = ? AND instance_id = ? AND destroyed IS NULL",
		now.Unix(), environmentID, instanceID).Exec(ctx)
	return err
}

// InstancesOf gives the instances of an environment in the order in which they came, or the
// one of that id when it is not empty.
func InstancesOf(ctx context.Context, db bun.IDB, environmentID, instanceID string) ([]murano.Instance, error) {
	var out []murano.Instance
	q := db.NewSelect().Model(&out).ModelTableExpr("instance_stats AS instance").Where("environment_id = ?", environmentID).Order("created", "instance_id")
	if instanceID != "" {
		q.Where("instance_id = ?", instanceID)
	}
	return out, q.Scan(ctx)
}
