package cloud

import (
	"context"

	"github.com/maypok86/otter/v2"
)

// loader is an otter loader whose work goes on when the caller that began it leaves:
// others may wait for the same answer. The transport's time-out bounds it.
func loader[K comparable, V any](load func(context.Context, K) (V, error)) otter.Loader[K, V] {
	return otter.LoaderFunc[K, V](func(ctx context.Context, k K) (V, error) {
		return load(context.WithoutCancel(ctx), k)
	})
}
