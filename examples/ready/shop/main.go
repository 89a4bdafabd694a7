// Command shop is a small shop: products to list, orders to place and to read
// back. It exists to be judged by Seaworthy and to go through its drills, so
// what matters here is how it starts, waits, fails and stops.
//
//	shop                     serve until SIGTERM
//	shop migrate up          bring the schema up to this build
//	shop migrate down [N]    take the last N migrations back (default 1)
//	shop migrate status      list the migrations and which are applied
//
// Settings come from the environment (settings.go), secrets only from files.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	// The first signal starts the drain. Letting go of the signals right after
	// it means that a second one ends the process at once.
	context.AfterFunc(ctx, stop)

	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	if err := run(ctx, log, os.Args[1:], os.Getenv); err != nil {
		log.Error("shop ends", "error", err.Error())
		os.Exit(1)
	}
}

// run does what the arguments ask for. It returns nil after a clean stop.
func run(ctx context.Context, log *slog.Logger, args []string, getenv func(string) string) error {
	s, err := readSettings(getenv)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return serve(ctx, log, s)
	case args[0] == "migrate":
		return migrateCommand(ctx, log, s, args[1:])
	}
	return fmt.Errorf("unknown command %q: say nothing to serve, or migrate up, down or status", args[0])
}
