package muranopl

import (
	"context"
	"log/slog"

	"hearth/core/yaql"
)

// LogLevel of messages that slog has no level of its own for.
const (
	LevelTrace    = slog.LevelDebug - 4
	LevelCritical = slog.LevelError + 4
)

// Logger is the native part of io.murano.system.Logger: messages go to the log of the host
// (murano/engine/system/logger.py).
func Logger(log func(th *Thread, level slog.Level, name, message string)) *Native {
	n := &Native{Name: "io.murano.system.Logger",
		New: &yaql.Function{Name: "__init__", Params: []yaql.Param{yaql.P("loggerName", yaql.String.Nullable())}, Body: func(c *yaql.Call) (any, error) {
			return "applications." + pyStr(c.Args[0]), nil
		}}}
	for name, level := range map[string]slog.Level{"trace": LevelTrace, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warning": slog.LevelWarn,
		"error": slog.LevelError, "critical": LevelCritical} {
		n.Methods = append(n.Methods, NativeMethod{Function: &yaql.Function{Name: name,
			Params: []yaql.Param{yaql.P("_Logger__message", yaql.String), yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any)},
			Body: func(c *yaql.Call) (any, error) {
				text, err := formatted(c, log, 0)
				if err == nil {
					log(ThreadOf(c), level, loggerName(c), text)
				}
				return nil, err
			}}})
	}
	n.Methods = append(n.Methods, NativeMethod{Function: &yaql.Function{Name: "exception",
		Params: []yaql.Param{yaql.P("exc", anyObject), yaql.P("_Logger__message", yaql.String), yaql.Rest("args", yaql.Any), yaql.Named("kwargs", yaql.Any)},
		Body: func(c *yaql.Call) (any, error) {
			text, err := formatted(c, log, 1)
			if err != nil {
				return nil, err
			}
			th := ThreadOf(c)
			v, err := c.Args[0].(*Object).get(th, "nativeException", nil)
			if err != nil {
				return nil, err
			}
			if e, ok := v.(*Exception); ok {
				text += "\n" + FormatStack(e.Stack, "")
			}
			log(th, slog.LevelError, loggerName(c), text)
			return nil, nil
		}}})
	return n
}

func loggerName(c *yaql.Call) string {
	name, _ := This(c).native.(string)
	return name
}

// formatted is the message with its arguments; one that does not fit them is logged as it is.
func formatted(c *yaql.Call, log func(*Thread, slog.Level, string, string), at int) (string, error) {
	message := c.String(at)
	v, err := c.Run.Invoke("format", c.Context, yaql.NoValue, append([]any{message}, c.Rest...), c.Named)
	switch {
	case yaql.IsClass(err, yaql.IndexError, yaql.KeyError):
		log(ThreadOf(c), slog.LevelWarn, loggerName(c), "Can not format string: "+message)
		return message, nil
	case err != nil:
		return "", err
	}
	return pyStr(v), nil
}

// ToSlog has the messages of programs logged by log.
func ToSlog(log *slog.Logger) func(*Thread, slog.Level, string, string) {
	return func(_ *Thread, level slog.Level, name, message string) {
		log.Log(context.Background(), level, message, "logger", name)
	}
}
