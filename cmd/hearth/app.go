package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/riverqueue/river"

	"hearth/core"
	"hearth/core/cloud"
	"hearth/core/converge"
	"hearth/core/engine"
	"hearth/core/httpapi"
	"hearth/core/job"
	"hearth/core/plan"
	"hearth/core/policy"
	"hearth/core/resource"
	"hearth/core/resource/aws"
	"hearth/core/resource/barbican"
	"hearth/core/resource/cinder"
	"hearth/core/resource/designate"
	"hearth/core/resource/heat"
	"hearth/core/resource/neutron"
	"hearth/core/resource/nova"
	"hearth/core/resource/swift"
	"hearth/core/resource/zaqar"
	"hearth/core/simcloud"
	"hearth/core/store"
	"hearth/heat/cfn"
	heatv1 "hearth/heat/v1"
	"hearth/murano/agent"
	muranoapi "hearth/murano/api"
	"hearth/murano/catalog"
	"hearth/murano/environment"
	"hearth/murano/statistics"
)

// App is the whole program, wired: what main runs is what tests start.
type App struct {
	Config *Config
	log    *slog.Logger

	sim      *simcloud.Cloud // nil with a real cloud
	store    *store.Store
	cloud    *cloud.Cloud
	jobs     *job.Client
	walker   *converge.Walker
	agents   *agent.Service
	programs *environment.Programs
	deploy   *environment.Worker
	beat     *engine.Heartbeat
	requests *statistics.Collector
	server   *httpapi.Server
}

// role is what a process does.
type role struct{ serves, works bool }

// NewApp wires everything in order. Nothing answers or works before Start.
func NewApp(ctx context.Context, c *Config, r role, log *slog.Logger) (a *App, err error) {
	a = &App{Config: c, log: log}
	defer func() {
		if err != nil {
			a.Stop()
		}
	}()
	s, err := loadSecrets(c)
	if err != nil {
		return a, err
	}
	if err := a.openStore(ctx, s); err != nil {
		return a, err
	}
	if err := a.openCloud(ctx, s, r); err != nil {
		return a, err
	}
	links, err := a.newEngine()
	if err != nil {
		return a, err
	}
	eng := engine.New(a.walker, engine.Limits{TemplateSize: c.Limits.TemplateSize, NestedDepth: c.Limits.NestedDepth,
		Resources: c.Limits.Resources, StacksPerTenant: c.Limits.StacksPerTenant, SnapshotsPerStack: c.Limits.SnapshotsPerStack, TagLength: engine.DefaultLimits.TagLength})
	eng.HiddenTags = c.HiddenTags
	a.agents = agent.New(agent.Config{Store: a.store, URL: c.agentURL(), Log: log})
	if a.programs, err = environment.NewPrograms(c.programs(a.store, eng, a.agents, log)); err != nil {
		return a, err
	}
	a.deploy = environment.NewWorker(environment.WorkerConfig{Store: a.store, Programs: a.programs, Log: log})
	if a.beat, err = engine.NewHeartbeat(eng, engine.ReportInterval); err != nil {
		return a, err
	}
	if err := a.newJobs(ctx, r); err != nil {
		return a, err
	}
	if !r.serves {
		return a, nil
	}
	if c.simulated() {
		if err := writeLogins(c, s); err != nil {
			return a, err
		}
	}
	return a, a.listen(eng, links)
}

func (a *App) openStore(ctx context.Context, s *secrets) error {
	sealer, err := s.sealer()
	if err != nil {
		return err
	}
	if a.store, err = store.Open(ctx, a.Config.dsn(), sealer); err != nil {
		return err
	}
	return a.store.Migrate(ctx)
}

// openCloud connects to the cloud; a serving process without another one runs its own.
func (a *App) openCloud(ctx context.Context, s *secrets, r role) error {
	c := a.Config
	if c.simulated() && r.serves {
		build, err := time.ParseDuration(c.SimulatedBuildTime)
		if err != nil {
			return fmt.Errorf("simulated_build_time: %w", err)
		}
		a.sim, err = simcloud.New(ctx, simcloud.Options{
			Path: filepath.Join(c.Data, "cloud.db"), BaseURL: c.url(c.Listen.Identity), AdminPassword: s.AdminPassword,
			ServicePassword: s.ServicePassword, StackDomainPassword: s.ServicePassword, BuildTime: build, AgentURL: c.agentURL(), Log: a.log,
			Endpoints: c.endpoints(),
		})
		if err != nil {
			return fmt.Errorf("the simulated cloud: %w", err)
		}
	}
	a.cloud = cloud.New(cloud.Config{AuthURL: c.authURL(), Region: c.Region, UserAgent: "hearth/" + version(),
		StackDomain: c.stackDomain(s.ServicePassword),
		Service: cloud.ServiceUser{UserName: c.Cloud.ServiceUser, UserDomain: c.Cloud.Domain, Password: s.ServicePassword,
			ProjectName: c.Cloud.ServiceProject, ProjectDomain: c.Cloud.Domain},
		DelegatedRoles: c.TrustsDelegatedRoles, NoStandIn: !c.Cloud.StandIn, Log: a.log})
	return nil
}

// resourceTypes are the families of resource types.
func resourceTypes() (*resource.Registry, error) {
	return resource.NewRegistry(heat.Types, nova.Types, neutron.Types, cinder.Types, swift.Types, barbican.Types,
		designate.Types, zaqar.Types, aws.Types)
}

func (a *App) newEngine() (engine.SignalLinks, error) {
	registry, err := resourceTypes()
	if err != nil {
		return engine.SignalLinks{}, err
	}
	links := engine.SignalLinks{Endpoint: a.Config.url(a.Config.Listen.Heat) + "/v1", CFN: a.Config.cfnURL(), Identity: a.Config.authURL(),
		Region: a.Config.Region, Key: a.store.SigningKey(), Cloud: a.cloud, Store: a.store}
	a.walker = converge.New(converge.Config{Store: a.store, Types: &plan.Types{Registry: registry, Yaql: plan.Yaql}, Cloud: a.cloud, Links: links,
		Log: a.log, RetryLimit: a.Config.ActionRetryLimit})
	return links, nil
}

// newJobs makes the queue and lets the parts that work jobs register their kinds.
func (a *App) newJobs(ctx context.Context, r role) (err error) {
	var workers *river.Workers
	if r.works {
		workers = river.NewWorkers()
		a.walker.Register(workers)
		a.deploy.Register(workers)
	}
	if a.jobs, err = job.New(ctx, a.store, job.Config{Workers: workers, MaxWorkers: 32, Log: quiet(a.log)}); err != nil {
		return err
	}
	a.walker.UseJobs(a.jobs)
	return nil
}

// agentPath is where the Murano listener serves the agents in servers.
const agentPath = "/agent/v1"

// aroundSite stands around what each listener serves. The tests, which are the program in
// other respects, hold every answer to its document there.
var aroundSite = func(_ string, h http.Handler) http.Handler { return h }

// listen opens every address: the APIs at the roots that their clients expect, and all of
// them under prefixes of one.
func (a *App) listen(eng *engine.Engine, links engine.SignalLinks) error {
	c := a.Config
	authenticate := a.authenticate(links)
	health := httpapi.HealthCheck{Name: "database", Run: a.store.Ping}
	operators, err := policy.ReadFile(c.PolicyFile)
	if err != nil {
		return err
	}
	heat, err := heatv1.New(heatv1.Config{Engine: eng, Policy: operators, Authenticate: authenticate, IdentityURL: c.authURL(), Revision: version(),
		Health: []httpapi.HealthCheck{health}, EnableStackAdopt: c.EnableStackAdopt, EnableStackAbandon: c.EnableStackAbandon, Log: a.log})
	if err != nil {
		return err
	}
	eng.MayUse = heat.MayUse
	cloudFormation, err := cfn.New(cfn.Config{Engine: eng, Policy: operators, Authenticate: authenticate, EC2Token: a.cloud.EC2Token, Secret: a.secret(links), IdentityURL: c.authURL(),
		Health: []httpapi.HealthCheck{health}, Log: a.log})
	if err != nil {
		return err
	}
	rules, err := policy.New(nil, muranoapi.Policies)
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	a.requests = statistics.NewCollector(statistics.Config{Store: a.store, Host: host, Log: a.log})
	environments := environment.NewService(environment.Config{Store: a.store, Jobs: a.jobs, Programs: a.programs})
	murano := muranoapi.New(muranoapi.Config{Environments: environments, Catalog: &catalog.Service{Store: a.store}, Statistics: a.requests,
		Rules: rules, Authenticate: authenticate, IdentityURL: c.authURL(), Log: a.log})
	muranoSite := chi.NewRouter()
	murano.Documents(muranoSite)
	muranoSite.Mount("/v1", murano)
	muranoSite.Mount(agentPath, a.agents.Handler())
	muranoSite.NotFound(muranoapi.Versions)
	muranoSite.MethodNotAllowed(muranoapi.Versions)
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	outer := &httpapi.Outer{Log: a.log, Metrics: httpapi.NewMetrics(registry), Origins: c.Origins}
	main := chi.NewRouter()
	main.Get("/healthcheck", httpapi.Health(health))
	main.Mount("/heat", http.StripPrefix("/heat", heat.Handler()))
	main.Mount("/cfn", http.StripPrefix("/cfn", cloudFormation.Handler()))
	main.Mount("/murano", http.StripPrefix("/murano", muranoSite))

	a.server = httpapi.NewServer(a.log)
	type site struct {
		name string
		port int
		h    http.Handler
	}
	sites := []site{{"heat", c.Listen.Heat, outer.Wrap(heat.Handler())}, {"cfn", c.Listen.CFN, outer.Wrap(cloudFormation.Handler())},
		{"murano", c.Listen.Murano, outer.Wrap(muranoSite)}, {"main", c.Listen.Main, outer.Wrap(main)}}
	if a.sim != nil {
		sites = append(sites, site{"identity", c.Listen.Identity, a.sim.Handler()})
	}
	if c.Listen.Broker != 0 {
		sites = append(sites, site{"broker", c.Listen.Broker, outer.Wrap(a.broker(environments, authenticate))})
	}
	if c.Listen.Metrics != 0 {
		sites = append(sites, site{"metrics", c.Listen.Metrics, promhttp.HandlerFor(registry, promhttp.HandlerOpts{})})
	}
	for _, s := range sites {
		if _, err := a.server.Listen(s.name, c.address(s.port), aroundSite(s.name, s.h)); err != nil {
			return err
		}
	}
	return nil
}

// authenticate asks the identity service, but for the tokens that Hearth itself gives out.
func (a *App) authenticate(links engine.SignalLinks) httpapi.Authenticate {
	return func(ctx context.Context, token string) (*core.Caller, error) {
		if caller, ok, err := links.Authenticate(ctx, a.store, token); ok {
			return caller, err
		}
		return a.cloud.Authenticate(ctx, token)
	}
}

// secret finds the secrets of stack users' access keys.
func (a *App) secret(links engine.SignalLinks) func(context.Context, string) (string, string, bool, error) {
	return func(ctx context.Context, access string) (string, string, bool, error) {
		return links.Secret(ctx, a.store, access)
	}
}

// Start begins to answer and to work.
func (a *App) Start(ctx context.Context, r role) error {
	a.agents.Start()
	if a.server != nil {
		if err := a.requests.Start(ctx); err != nil {
			return err
		}
		a.server.Start()
	}
	if !r.works {
		return nil
	}
	if err := a.walker.Start(ctx); err != nil {
		return err
	}
	if err := a.deploy.Start(ctx); err != nil {
		return err
	}
	if err := a.jobs.Start(ctx); err != nil {
		return err
	}
	return a.beat.Start(ctx)
}

// patience is how long Stop waits for what works; what is not done by then is gone on with
// at the next start. The listeners have what is left of two seconds.
const patience = 400 * time.Millisecond

// Stop ends everything within two seconds: first what works, for its cloud may be served
// by this very process.
func (a *App) Stop() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var err error
	if a.beat != nil {
		err = a.beat.Stop(ctx)
	}
	if a.deploy != nil {
		err = errors.Join(err, a.deploy.Stop(ctx))
	}
	if a.walker != nil {
		a.walker.Stop(ctx)
	}
	if a.jobs != nil {
		err = errors.Join(err, a.jobs.Stop(ctx))
	}
	if a.requests != nil {
		err = errors.Join(err, a.requests.Stop(ctx))
	}
	if a.sim != nil {
		a.sim.StopAgents()
	}
	if a.agents != nil {
		a.agents.Stop()
	}
	if a.server != nil {
		a.server.Stop()
	}
	if a.cloud != nil {
		a.cloud.Close()
	}
	if a.store != nil {
		err = errors.Join(err, a.store.Close())
	}
	if a.sim != nil {
		err = errors.Join(err, a.sim.Close())
	}
	if err != nil {
		a.log.Warn("stopped with errors", "error", err)
	}
}
