package main

import (
	"context"
	"fmt"
	"os"

	"hearth/core"
	"hearth/core/httpapi"
	"hearth/core/policy"
	"hearth/heat/cfn"
	heatv1 "hearth/heat/v1"
	muranoapi "hearth/murano/api"
	"hearth/openapi"
)

type openapiCmd struct {
	API    string `required:"" enum:"heat-v1,heat-cfn,murano-v1" help:"Which API: heat-v1, heat-cfn or murano-v1."`
	Format string `default:"yaml" enum:"yaml,json" help:"yaml or json."`
}

// Run prints the document that the API itself serves; nothing is started for it.
func (o *openapiCmd) Run() error {
	api, err := document(o.API)
	if err != nil {
		return err
	}
	b := openapi.Document(api)
	if o.Format == "json" {
		b = api.JSON()
	}
	_, err = os.Stdout.Write(b)
	return err
}

// nobody is let in by an API that only describes itself; that it asks is part of the document.
func nobody(context.Context, string) (*core.Caller, error) {
	return nil, core.Errorf(core.Unauthorized, "Unauthorized", "This API only describes itself.")
}

// document gives an API without anything behind it.
func document(name string) (*httpapi.API, error) {
	switch name {
	case "heat-v1":
		a, err := heatv1.New(heatv1.Config{Authenticate: nobody})
		if err != nil {
			return nil, err
		}
		return a.API, nil
	case "heat-cfn":
		a, err := cfn.New(cfn.Config{Authenticate: nobody})
		if err != nil {
			return nil, err
		}
		return a.API, nil
	case "murano-v1":
		rules, err := policy.New(nil, muranoapi.Policies)
		if err != nil {
			return nil, err
		}
		return muranoapi.New(muranoapi.Config{Rules: rules, Authenticate: nobody}), nil
	}
	return nil, fmt.Errorf("there is no API %s", name)
}
