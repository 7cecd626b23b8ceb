package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"hearth/core/cloud"
	"hearth/core/engine"
	"hearth/core/store"
	"hearth/murano/environment"
	"hearth/murano/native"
)

// flags are what several sub-commands take. They come last: defaults, the file, the
// environment (HEARTH_DATABASE …) and then the command line.
type flags struct {
	Config     string `help:"Configuration file (YAML)." type:"path" placeholder:"FILE"`
	Data       string `help:"Directory of everything that is kept (default ./var)." placeholder:"DIR"`
	Database   string `help:"PostgreSQL address (postgres://…); without it SQLite under the data directory." placeholder:"URL"`
	Cloud      string `help:"Identity service of the cloud (http://host:5000/v3); without it a simulated cloud runs in the process." placeholder:"URL"`
	PortOffset *int   `help:"Number that is added to every port." placeholder:"N"`
	LogLevel   string `help:"debug, info, warn or error." placeholder:"LEVEL"`
}

// Config is the whole configuration.
type Config struct {
	Data       string `koanf:"data"`
	Database   string `koanf:"database"`
	PortOffset int    `koanf:"port_offset"`
	LogLevel   string `koanf:"log_level"`
	LogFormat  string `koanf:"log_format"` // text or json
	Region     string `koanf:"region"`

	Listen struct {
		Host     string `koanf:"host"`
		Identity int    `koanf:"identity"` // of the simulated cloud
		Heat     int    `koanf:"heat"`
		CFN      int    `koanf:"cfn"`
		Murano   int    `koanf:"murano"`
		Main     int    `koanf:"main"`    // every API under a prefix
		Metrics  int    `koanf:"metrics"` // 0: no metrics
		Broker   int    `koanf:"broker"`  // Murano's service broker; 0: none
	} `koanf:"listen"`

	// Cloud is the real cloud; with an empty AuthURL the simulated one is used.
	Cloud struct {
		AuthURL         string `koanf:"auth_url"`
		ServiceUser     string `koanf:"service_user"`
		ServicePassword string `koanf:"service_password"`
		ServiceProject  string `koanf:"service_project"`
		Domain          string `koanf:"domain"`
		// StandIn lets Hearth's user act in its own name for a stack whose creator has left.
		StandIn bool `koanf:"stand_in"`

		// StackUserDomain is the domain in which the accounts of software in servers are
		// made; "" makes none (stack_user_domain_name, stack_domain_admin of heat.conf).
		StackUserDomain          string `koanf:"stack_user_domain"`
		StackDomainAdmin         string `koanf:"stack_domain_admin"`
		StackDomainAdminPassword string `koanf:"stack_domain_admin_password"`
	} `koanf:"cloud"`

	// CFNEndpoint is the CloudFormation API as servers in the cloud reach it, with its
	// version: http://host:8000/v1; "" is the listener's address. It stands in the addresses
	// that wait conditions and signals get (heat_waitcondition_server_url of heat.conf).
	CFNEndpoint string `koanf:"cfn_endpoint"`

	// EncryptionKey is 64 hexadecimal digits; without it one is made and kept in Data. What
	// OldEncryptionKeys have sealed is read, too: see rotate-key.
	EncryptionKey     string   `koanf:"encryption_key"`
	OldEncryptionKeys []string `koanf:"old_encryption_keys"`

	Limits struct {
		TemplateSize      int `koanf:"template_size"`
		NestedDepth       int `koanf:"nested_depth"`
		Resources         int `koanf:"resources"`
		StacksPerTenant   int `koanf:"stacks_per_tenant"`
		SnapshotsPerStack int `koanf:"snapshots_per_stack"`
	} `koanf:"limits"`
	HiddenTags []string `koanf:"hidden_stack_tags"`
	// EnableStackAdopt and EnableStackAbandon are Heat's switches of the same names: off
	// unless they are set, as in Heat.
	EnableStackAdopt   bool `koanf:"enable_stack_adopt"`
	EnableStackAbandon bool `koanf:"enable_stack_abandon"`

	// Origins may call the APIs from a browser, "*" for any; none: no CORS
	// (allowed_origin of oslo.middleware).
	Origins []string `koanf:"cors_allowed_origins"`

	// PolicyFile is a policy.yaml of oslo.policy whose rules take the place of Heat's.
	PolicyFile string `koanf:"policy_file"`

	// TrustsDelegatedRoles is Heat's setting of the same name: the roles that users delegate
	// to Hearth; nil is all that they have.
	TrustsDelegatedRoles []string `koanf:"trusts_delegated_roles"`

	// ActionRetryLimit is Heat's setting of the same name: how often an object that comes up
	// broken is made anew, and a delete that meets a conflict done again.
	ActionRetryLimit int `koanf:"action_retry_limit"`

	// Murano is what MuranoPL programs run with.
	Murano struct {
		// AgentURL is the Murano listener as the agents in servers reach it, without a path:
		// http://host:8082; "" is the listener's address. It stands in what servers boot with.
		AgentURL string `koanf:"agent_url"`
		// ClassConfigs is a directory of class configurations (class_configs of murano.conf).
		ClassConfigs string `koanf:"class_configs"`
		// ProgramTimeout is how long a deployment or an action may take, as a Go duration.
		ProgramTimeout time.Duration `koanf:"program_timeout"`
		// ProgramSteps is how many statements and expressions it may take; 0: 50 million.
		ProgramSteps int `koanf:"program_steps"`
		// BrokerProject is the project in which the service broker's callers log in, by name
		// ([cfapi] tenant of murano.conf); they and it are of the cloud's domain.
		BrokerProject string `koanf:"broker_project"`
		// Settings are those of murano.conf that io.murano asks for, in their groups.
		Settings map[string]any `koanf:"settings"`
	} `koanf:"murano"`

	// SimulatedBuildTime is how long the simulated cloud's servers and volumes take, as a
	// Go duration.
	SimulatedBuildTime string `koanf:"simulated_build_time"`
}

var defaults = map[string]any{
	"data": "var", "log_level": "info", "log_format": "text", "region": "RegionOne",
	"listen.host": "127.0.0.1", "listen.identity": 5000, "listen.heat": 8004, "listen.cfn": 8000, "listen.murano": 8082, "listen.main": 8080, "listen.metrics": 0,
	"cloud.service_user": "hearth", "cloud.service_project": "service", "cloud.domain": "Default", "cloud.stand_in": true,
	"cloud.stack_domain_admin": "heat_domain_admin",
	"limits.template_size":     524288, "limits.nested_depth": 5, "limits.resources": 1000, "limits.stacks_per_tenant": 512,
	"limits.snapshots_per_stack": 32,
	"action_retry_limit":         5,
	"murano.program_timeout":     "2h",
	"murano.broker_project":      "admin",
	"simulated_build_time":       "0s",
}

// load reads the configuration: defaults, file, environment, flags.
func (f *flags) load() (*Config, error) {
	k := koanf.New(".")
	for key, v := range defaults {
		if err := k.Set(key, v); err != nil {
			return nil, err
		}
	}
	if f.Config != "" {
		if err := k.Load(file.Provider(f.Config), yaml.Parser()); err != nil {
			return nil, fmt.Errorf("configuration %s: %w", f.Config, err)
		}
	}
	// HEARTH_LISTEN__HEAT is listen.heat.
	fromEnv := env.Provider(".", env.Opt{Prefix: "HEARTH_", TransformFunc: func(key, value string) (string, any) {
		return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "HEARTH_")), "__", "."), value
	}})
	if err := k.Load(fromEnv, nil); err != nil {
		return nil, err
	}
	for key, v := range map[string]string{"data": f.Data, "database": f.Database, "cloud.auth_url": f.Cloud, "log_level": f.LogLevel} {
		if v != "" {
			if err := k.Set(key, v); err != nil {
				return nil, err
			}
		}
	}
	if f.PortOffset != nil {
		if err := k.Set("port_offset", *f.PortOffset); err != nil {
			return nil, err
		}
	}
	c := new(Config)
	if err := k.Unmarshal("", c); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return c, os.MkdirAll(c.Data, 0o700)
}

// address is host:port with the offset; "" for port 0.
func (c *Config) address(port int) string {
	if port == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", c.Listen.Host, port+c.PortOffset)
}

// dsn is the database's address: the path of the embedded one when no other is named.
func (c *Config) dsn() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "hearth.db")
}

func (c *Config) url(port int) string { return "http://" + c.address(port) }

// simulated reports whether the cloud is the simulated one.
func (c *Config) simulated() bool { return c.Cloud.AuthURL == "" }

// cfnURL is the CloudFormation API as servers reach it.
func (c *Config) cfnURL() string {
	if c.CFNEndpoint != "" {
		return strings.TrimSuffix(c.CFNEndpoint, "/")
	}
	return c.url(c.Listen.CFN) + "/v1"
}

// agentURL is where the agents in servers ask for their plans.
func (c *Config) agentURL() string {
	base := strings.TrimSuffix(c.Murano.AgentURL, "/")
	if base == "" {
		base = c.url(c.Listen.Murano)
	}
	return base + agentPath
}

// stackDomain is where stack users are made; the simulated cloud has one, whose
// administrator has Hearth's own password.
func (c *Config) stackDomain(servicePassword string) cloud.StackDomain {
	d := cloud.StackDomain{Name: c.Cloud.StackUserDomain, AdminUser: c.Cloud.StackDomainAdmin, AdminPassword: c.Cloud.StackDomainAdminPassword}
	if c.simulated() {
		d.Name, d.AdminUser, d.AdminPassword = "heat", "heat_domain_admin", servicePassword
	}
	return d
}

// programs is what MuranoPL programs run with.
func (c *Config) programs(st *store.Store, eng *engine.Engine, agents native.Agents, log *slog.Logger) environment.ProgramsConfig {
	return environment.ProgramsConfig{Store: st, Engine: eng, Agents: agents, ClassConfigs: c.Murano.ClassConfigs, Timeout: c.Murano.ProgramTimeout,
		Steps: c.Murano.ProgramSteps, Setting: c.muranoSetting, Log: log}
}

// muranoSetting is a setting of murano.conf: of a group, or of none.
func (c *Config) muranoSetting(group, name string) (any, bool) {
	settings := c.Murano.Settings
	if group != "" {
		settings, _ = settings[group].(map[string]any)
	}
	v, ok := settings[name]
	return v, ok
}

// authURL is where identities are.
func (c *Config) authURL() string {
	if c.simulated() {
		return c.url(c.Listen.Identity) + "/v3"
	}
	return c.Cloud.AuthURL
}
