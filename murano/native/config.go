package native

import "hearth/core/yaql"

// config(group, setting) and config(setting): Murano's configuration, as far as the session
// shows it (murano/engine/system/yaql_functions.py). A setting that is not there is null.
var (
	configInGroup = &yaql.Function{Name: "config", Params: []yaql.Param{yaql.P("group", yaql.String), yaql.P("setting", yaql.String)},
		Body: func(c *yaql.Call) (any, error) { return configured(c, c.String(0), c.String(1)) }}
	config = &yaql.Function{Name: "config", Params: []yaql.Param{yaql.P("setting", yaql.String)},
		Body: func(c *yaql.Call) (any, error) { return configured(c, "", c.String(0)) }}
)

func configured(c *yaql.Call, group, name string) (any, error) {
	_, s, err := begin(c)
	if err != nil {
		return nil, err
	}
	return s.setting(group, name, nil), nil
}

// setting is a value of the configuration; fallback when there is none.
func (s *Session) setting(group, name string, fallback any) any {
	if s.Setting != nil {
		if v, ok := s.Setting(group, name); ok && v != nil {
			return yaql.Input(v)
		}
	}
	return fallback
}
