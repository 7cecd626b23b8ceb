// Command hearth serves OpenStack's orchestration and application-catalog APIs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line: one file per sub-command.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Serve the APIs, run the engine and, unless another cloud is named, the simulated cloud."`
	Engine  engineCmd  `cmd:"" help:"Run only the engine, beside others on one PostgreSQL."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date and end."`
	OpenAPI openapiCmd `cmd:"" name:"openapi" help:"Print the OpenAPI document of an API."`
	Demo    demoCmd    `cmd:"" help:"Deploy an example application against a running server, with progress."`
	Package packageCmd `cmd:"" help:"Work with application packages."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("hearth"), kong.Description("Orchestration and application catalog in one binary."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	err := k.Run()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "hearth:", err)
		os.Exit(1)
	}
}
