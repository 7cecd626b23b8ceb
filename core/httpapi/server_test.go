package httpapi_test

import (
	"io"
	"log/slog"
	"net/http"
	"testing"

	"hearth/core/httpapi"
)

func TestSeveralAddressesAndTheirEnd(t *testing.T) {
	s := httpapi.NewServer(slog.New(slog.DiscardHandler))
	entered := make(chan struct{})
	addresses := map[string]string{}
	for name, h := range map[string]http.HandlerFunc{
		"quick": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "quick") },
		"endless": func(_ http.ResponseWriter, r *http.Request) {
			close(entered)
			<-r.Context().Done()
		},
	} {
		a, err := s.Listen(name, "127.0.0.1:0", h)
		if err != nil {
			t.Fatal(err)
		}
		addresses[name] = "http://" + a.String()
	}
	if _, err := s.Listen("again", addresses["quick"][len("http://"):], nil); err == nil {
		t.Error("an address was opened twice")
	}
	s.Start()
	res, err := http.Get(addresses["quick"])
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if string(body) != "quick" {
		t.Errorf("got %q", body)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if res, err := http.Get(addresses["endless"]); err == nil {
			_ = res.Body.Close()
		}
	}()
	<-entered
	s.Stop() // although the request would not end
	s.Stop()
	<-ended
	if _, err := http.Get(addresses["quick"]); err == nil {
		t.Error("it still answers")
	}
}

func TestAServerThatWasNeverStartedStops(t *testing.T) {
	s := httpapi.NewServer(slog.New(slog.DiscardHandler))
	if _, err := s.Listen("idle", "127.0.0.1:0", http.NotFoundHandler()); err != nil {
		t.Fatal(err)
	}
	s.Stop()
}
