package environment

import (
	"context"
	"log/slog"
	"time"

	"github.com/maypok86/otter/v2"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/engine"
	corestore "hearth/core/store"
	"hearth/murano/muranopl"
	"hearth/murano/native"
)

// ProgramsConfig says what programs are made of and how far they may go.
type ProgramsConfig struct {
	Store  *corestore.Store
	Engine *engine.Engine
	// ClassConfigs is the directory of class configurations, <class>.json or <class>.yaml
	// (class_configs of murano.conf); "" for none.
	ClassConfigs string
	// Timeout is how long the program of a task may take; two hours when 0.
	Timeout time.Duration
	// Steps is how many statements and expressions it may take; the language's default when 0.
	Steps int
	// Agents reaches the agents in servers; nil: calls of agents are refused.
	Agents native.Agents
	// Setting is Murano's configuration as programs ask for it; nil: there is none.
	Setting func(group, name string) (v any, ok bool)
	Log     *slog.Logger // nil: the default logger
}

// Programs runs MuranoPL in this process: the language, the packages that have been read and
// what programs may reach. It is safe for concurrent use.
type Programs struct {
	cfg     ProgramsConfig
	lang    *muranopl.Language
	configs map[string]map[string]any         // of classes
	sources *otter.Cache[string, *readSource] // by the package's id, or its name in the library
	turns   native.Turns
}

// readSource is a package that has been read.
type readSource struct {
	*muranopl.Source
	hot  bool // of the format Heat.HOT
	size int  // of the archive, in bytes
}

const (
	programTimeout = 2 * time.Hour
	maxSources     = 64 << 20 // bytes of archives
)

// NewPrograms reads the class configurations and makes the language. It fails over a
// configuration that cannot be read.
func NewPrograms(cfg ProgramsConfig) (*Programs, error) {
	if cfg.Timeout == 0 {
		cfg.Timeout = programTimeout
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	configs, err := readClassConfigs(cfg.ClassConfigs)
	if err != nil {
		return nil, err
	}
	return &Programs{
		cfg: cfg, configs: configs,
		lang:    muranopl.NewLanguage(native.Classes(), nil, native.Restricted()),
		sources: otter.Must(&otter.Options[string, *readSource]{MaximumWeight: maxSources, Weigher: func(_ string, r *readSource) uint32 { return uint32(r.size) }}),
	}, nil
}

// executor makes an executor whose programs see the packages that l finds and reach what s
// has. The same seed gives the same program the same names.
func (p *Programs) executor(l *loader, s *native.Session, seed string) *muranopl.Executor {
	ex := muranopl.NewExecutor(p.lang, l, muranopl.Limits{Steps: p.cfg.Steps}, p.cfg.Log)
	ex.Seed([]byte(seed))
	native.Attach(ex, s)
	return ex
}

// session is what the programs of a caller may reach.
func (p *Programs) session(environmentID string, caller *core.Caller, cr core.Credentials) *native.Session {
	s := &native.Session{EnvironmentID: environmentID, Caller: caller, Engine: p.cfg.Engine, Agents: p.cfg.Agents,
		Setting: p.cfg.Setting, Turns: &p.turns, Log: p.cfg.Log}
	if c := p.cfg.Engine.Cloud; c != nil {
		s.Cloud = func(ctx context.Context) (*cloud.Client, error) { return c.Client(ctx, cr) }
	}
	return s
}
