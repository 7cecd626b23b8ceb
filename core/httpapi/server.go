package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server serves several handlers on several addresses, as one service.
//
//	s.Listen("heat", "127.0.0.1:8004", handler)   // fails when the address is taken
//	s.Start()
//	s.Stop()                                      // returns within two seconds
type Server struct {
	log     *slog.Logger
	base    context.Context
	cancel  context.CancelFunc
	servers []*http.Server
	sockets []net.Listener
	running sync.WaitGroup
	stopped sync.Once
}

// What Stop grants: requests may end by themselves, then their contexts are cancelled,
// then their connections are closed.
const (
	graceful = time.Second
	forced   = 500 * time.Millisecond
)

// NewServer makes a server that listens nowhere yet.
func NewServer(log *slog.Logger) *Server {
	s := &Server{log: log}
	s.base, s.cancel = context.WithCancel(context.Background())
	return s
}

// Listen opens an address for a handler and returns it with the real port. Connections
// wait until Start.
func (s *Server) Listen(name, address string, h http.Handler) (net.Addr, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", name, err)
	}
	s.sockets = append(s.sockets, socket)
	s.servers = append(s.servers, &http.Server{
		Handler: h, BaseContext: func(net.Listener) context.Context { return s.base },
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 256 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	})
	s.log.Info("listening", "api", name, "address", socket.Addr().String())
	return socket.Addr(), nil
}

// Start begins to answer.
func (s *Server) Start() {
	for i, server := range s.servers {
		s.running.Go(func() {
			if err := server.Serve(s.sockets[i]); !errors.Is(err, http.ErrServerClosed) {
				s.log.Error("listener ended", "address", s.sockets[i].Addr().String(), "error", err)
			}
		})
	}
}

// Stop ends every listener and request within two seconds. It may be called twice.
func (s *Server) Stop() {
	s.stopped.Do(func() {
		var all sync.WaitGroup
		timer := time.AfterFunc(graceful, s.cancel)
		ctx, cancel := context.WithTimeout(context.Background(), graceful+forced)
		defer cancel()
		for i, server := range s.servers {
			all.Go(func() {
				if server.Shutdown(ctx) != nil {
					_ = server.Close()
				}
				_ = s.sockets[i].Close() // when it was never started
			})
		}
		all.Wait()
		timer.Stop()
		s.cancel()
	})
	s.running.Wait()
}
