package broker

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"hearth/core"
	"hearth/murano"
	"hearth/murano/catalog"
)

// service is a package as platforms see it, with its one plan.
type service struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Bindable    bool     `json:"bindable"`
	Tags        []string `json:"tags"`
	Plans       []plan   `json:"plans"`
}

type plan struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// maxDescription is how many characters a platform takes.
const maxDescription = 256

func describe(p *murano.Package) service {
	about := []rune(p.Description)
	if len(about) > maxDescription {
		about = append(about[:253:253], []rune(" ...")...)
	}
	return service{ID: p.ID, Name: p.Name, Description: string(about), Bindable: true, Tags: p.Tags,
		Plans: []plan{{ID: p.ID + "-1", Name: "default", Description: "Default plan for the service " + p.Name}}}
}

// listServices gives every application of the catalogue.
func (b *Broker) listServices(ctx context.Context, caller *core.Caller, _ string) (int, any, error) {
	services := []service{}
	query := url.Values{"type": {murano.Application}, "limit": {strconv.Itoa(catalog.MaxPage)}}
	for {
		page, err := b.cfg.Catalog.Search(ctx, caller, query, true)
		if err != nil {
			return 0, nil, err
		}
		for i := range page.Packages {
			services = append(services, describe(&page.Packages[i]))
		}
		if page.NextMarker == "" {
			return http.StatusOK, map[string]any{"services": services}, nil
		}
		query.Set("marker", page.NextMarker)
	}
}
