package native

import (
	"context"
	"log/slog"

	"hearth/core/yaql"
	"hearth/murano/muranopl"
)

// Classes are the native classes of io.murano, for muranopl.NewLanguage.
func Classes() []*muranopl.Native {
	return []*muranopl.Native{
		agentClass,
		agentListenerClass,
		heatStackClass,
		instanceNotifierClass,
		muranopl.Logger(logMessage),
		metadefBrowserClass,
		mistralClientClass,
		networkExplorerClass,
		projectClass,
		resourcesClass,
		statusReporterClass,
		testFixtureClass,
		userClass,
	}
}

// Restricted are the functions that code of io.murano alone may call, for
// muranopl.NewLanguage.
func Restricted() []*yaql.Function { return []*yaql.Function{configInGroup, config} }

// logMessage has the messages of programs in the log of their session.
func logMessage(th *muranopl.Thread, level slog.Level, name, message string) {
	s := SessionOf(th)
	if s == nil || s.Log == nil {
		return
	}
	s.Log.Log(context.WithoutCancel(th.Context()), level, message, "environment", s.EnvironmentID, "logger", name)
}
