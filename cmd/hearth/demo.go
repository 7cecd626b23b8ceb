package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"hearth/murano/catalog"
)

// demoCmd is an ordinary client of the public APIs.
type demoCmd struct {
	flags
	Package string `default:"examples/packages/hot-web" type:"existingdir" help:"Directory of the package to deploy."`
	Name    string `help:"Name of the environment (default: one that is free)." placeholder:"NAME"`
	Keep    bool   `default:"true" negatable:"" help:"Leave the environment deployed."`
}

// Run imports the package, deploys it in a new environment and tells where things are.
func (d *demoCmd) Run(ctx context.Context) error {
	c, err := d.load()
	if err != nil {
		return err
	}
	s, err := loadSecrets(c)
	if err != nil {
		return err
	}
	demo := &demo{ctx: ctx, murano: c.url(c.Listen.Murano) + "/v1"}
	if err := demo.login(c.authURL(), s.AdminPassword); err != nil {
		return fmt.Errorf("%w: is a server running? make run", err)
	}
	name := d.Name
	if name == "" {
		name = "demo-" + uuid.NewString()[:8]
	}
	fqn, err := demo.importPackage(d.Package)
	if err != nil {
		return err
	}
	env, err := demo.deploy(name, fqn)
	if err != nil {
		return err
	}
	if err := demo.tell(env); err != nil {
		return err
	}
	if !d.Keep {
		return demo.remove(env)
	}
	return nil
}

type demo struct {
	ctx    context.Context
	murano string
	heat   string
	token  string
}

func (d *demo) say(format string, args ...any) { fmt.Printf("  "+format+"\n", args...) }

// login gets a token and, from its catalogue, where Heat is.
func (d *demo) login(authURL, password string) error {
	domain := map[string]any{"name": "Default"}
	body := map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"password"}, "password": map[string]any{
			"user": map[string]any{"name": "admin", "domain": domain, "password": password}}},
		"scope": map[string]any{"project": map[string]any{"name": "admin", "domain": domain}}}}
	var answer struct {
		Token struct {
			Catalog []struct {
				Type      string `json:"type"`
				Endpoints []struct {
					Interface, URL string
				} `json:"endpoints"`
			} `json:"catalog"`
		} `json:"token"`
	}
	header, err := d.send(http.MethodPost, authURL+"/auth/tokens", body, &answer)
	if err != nil {
		return err
	}
	d.token = header.Get("X-Subject-Token")
	for _, s := range answer.Token.Catalog {
		for _, e := range s.Endpoints {
			if s.Type == "orchestration" && e.Interface == "public" {
				d.heat = e.URL
			}
		}
	}
	return nil
}

// importPackage uploads the package unless it is there, and gives its full name.
func (d *demo) importPackage(dir string) (string, error) {
	archive, err := catalog.Build(dir)
	if err != nil {
		return "", err
	}
	pkg, err := catalog.Load(archive, catalog.DefaultLimits)
	if err != nil {
		return "", err
	}
	fqn := pkg.FullName
	var found struct{ Packages []struct{ ID string } }
	if _, err := d.send(http.MethodGet, d.murano+"/catalog/packages?owned=true&fqn="+fqn, nil, &found); err != nil {
		return "", err
	}
	if len(found.Packages) > 0 {
		d.say("package %s is in the catalogue", fqn)
		return fqn, nil
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "package.zip")
	if err != nil {
		return "", err
	}
	if _, err := part.Write(archive); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if _, err := d.sendRaw(http.MethodPost, d.murano+"/catalog/packages", w.FormDataContentType(), &form, nil); err != nil {
		return "", err
	}
	d.say("imported package %s", fqn)
	return fqn, nil
}

// deploy makes an environment with one application and waits until it is ready.
func (d *demo) deploy(name, fqn string) (id string, err error) {
	var env, session struct{ ID string }
	if _, err := d.send(http.MethodPost, d.murano+"/environments", map[string]any{"name": name}, &env); err != nil {
		return "", err
	}
	d.say("created environment %s (%s)", name, env.ID)
	base := d.murano + "/environments/" + env.ID
	if _, err := d.send(http.MethodPost, base+"/configure", nil, &session); err != nil {
		return "", err
	}
	app := map[string]any{"?": map[string]any{"id": uuid.NewString(), "type": fqn, "name": name + "-app"}, "name": name + "-app"}
	if err := d.inSession(session.ID, base+"/services", app); err != nil {
		return "", err
	}
	if _, err := d.send(http.MethodPost, base+"/sessions/"+session.ID+"/deploy", nil, nil); err != nil {
		return "", err
	}
	return env.ID, d.follow(base)
}

func (d *demo) inSession(session, url string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(d.ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Configuration-Session", session)
	_, err = d.do(req, nil)
	return err
}

// follow prints the reports of the newest deployment as they come, until it has ended.
func (d *demo) follow(base string) error {
	seen := map[string]bool{}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		var env struct{ Status string }
		if _, err := d.send(http.MethodGet, base, nil, &env); err != nil {
			return err
		}
		if err := d.reports(base, seen); err != nil {
			return err
		}
		switch env.Status {
		case "ready":
			return nil
		case "deploy failure", "delete failure":
			return fmt.Errorf("the environment ended in %q", env.Status)
		}
		select {
		case <-tick.C:
		case <-d.ctx.Done():
			return d.ctx.Err()
		}
	}
}

func (d *demo) reports(base string, seen map[string]bool) error {
	var list struct {
		Deployments []struct{ ID string }
	}
	if _, err := d.send(http.MethodGet, base+"/deployments", nil, &list); err != nil || len(list.Deployments) == 0 {
		return err
	}
	var answer struct {
		Reports []struct{ ID, Text, Level string }
	}
	if _, err := d.send(http.MethodGet, base+"/deployments/"+list.Deployments[0].ID, nil, &answer); err != nil {
		return err
	}
	for _, r := range answer.Reports {
		if !seen[r.ID] {
			seen[r.ID] = true
			d.say("%-7s %s", r.Level, r.Text)
		}
	}
	return nil
}

// tell prints what was deployed and where: the stacks of an environment bear its id.
func (d *demo) tell(env string) error {
	var list struct {
		Stacks []struct {
			Name   string `json:"stack_name"`
			Status string `json:"stack_status"`
			ID     string `json:"id"`
		} `json:"stacks"`
	}
	if _, err := d.send(http.MethodGet, d.heat+"/stacks", nil, &list); err != nil {
		return err
	}
	fmt.Println("\nDeployed:")
	for _, s := range list.Stacks {
		if !strings.HasSuffix(s.Name, env) {
			continue
		}
		d.say("stack %s (%s)", s.Name, s.Status)
		if err := d.outputs(s.Name, s.ID); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) outputs(name, id string) error {
	var answer struct {
		Stack struct {
			Outputs []struct {
				Key   string `json:"output_key"`
				Value any    `json:"output_value"`
			} `json:"outputs"`
		} `json:"stack"`
	}
	if _, err := d.send(http.MethodGet, d.heat+"/stacks/"+name+"/"+id, nil, &answer); err != nil {
		return err
	}
	for _, o := range answer.Stack.Outputs {
		d.say("    %s = %v", o.Key, o.Value)
	}
	return nil
}

func (d *demo) remove(env string) error {
	_, err := d.send(http.MethodDelete, d.murano+"/environments/"+env, nil, nil)
	return err
}

func (d *demo) send(method, url string, body, answer any) (http.Header, error) {
	if body == nil {
		return d.sendRaw(method, url, "application/json", nil, answer)
	}
	b, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return d.sendRaw(method, url, "application/json", bytes.NewReader(b), answer)
}

func (d *demo) sendRaw(method, url, contentType string, body io.Reader, answer any) (http.Header, error) {
	req, err := http.NewRequestWithContext(d.ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	return d.do(req, answer)
}

func (d *demo) do(req *http.Request, answer any) (http.Header, error) {
	if d.token != "" {
		req.Header.Set("X-Auth-Token", d.token)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s: %.400s", req.Method, req.URL.Path, resp.Status, b)
	}
	if answer != nil && len(b) > 0 {
		return resp.Header, json.Unmarshal(b, answer)
	}
	return resp.Header, nil
}
