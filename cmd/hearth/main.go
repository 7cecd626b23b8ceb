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
	Serve    serveCmd     `cmd:"" help:"Serve the APIs, run the engine and, unless another cloud is named, the simulated cloud."`
	Engine   engineCmd    `cmd:"" help:"Run only the engine, beside others on one PostgreSQL."`
	Migrate  migrateCmd   `cmd:"" help:"Bring the database up to date and end."`
	Rotate   rotateKeyCmd `cmd:"" name:"rotate-key" help:"Seal everything in the database anew with the current encryption key, or with a fresh one."`
	OpenAPI  openapiCmd   `cmd:"" name:"openapi" help:"Print the OpenAPI document of an API."`
	Demo     demoCmd      `cmd:"" help:"Deploy an example application against a running server, with progress."`
	Validate validateCmd  `cmd:"" help:"Check templates without a server or a cloud: every problem at once, with its place."`
	Package  packageCmd   `cmd:"" help:"Work with application packages."`
	Version  versionCmd   `cmd:"" help:"Print the version."`
}

func main() { os.Exit(command()) }

// command runs the command line and gives the status to exit with.
func command() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, kong.Name("hearth"), kong.Description("Orchestration and application catalog in one binary."),
		kong.UsageOnError(), kong.Exit(exit), kong.BindTo(ctx, (*context.Context)(nil)))
	err := k.Run()
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "hearth:", err)
		return 1
	}
	return 0
}

// exitCode is an error that has been told; the process ends with it.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// exit ends a process whose command line cannot be understood with 2.
func exit(code int) { os.Exit(min(code, 2)) }
