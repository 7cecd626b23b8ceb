package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"time"
)

// machine is a package with an application of one server on the environment's network.
var machine = map[string]string{
	"manifest.yaml": `Format: MuranoPL/1.0
Type: Application
FullName: bench.Machine
Name: Machine
Description: One server
Author: bench
Classes: {bench.Machine: Machine.yaml}
`,
	"Classes/Machine.yaml": `Namespaces: {=: bench, std: io.murano, res: io.murano.resources}
Name: Machine
Extends: std:Application
Properties:
  instance: {Contract: $.class(res:Instance).notNull()}
  address: {Contract: $.string(), Usage: Out}
Methods:
  deploy:
    Body:
      - If: not $.getAttr(deployed, false)
        Then:
          - $.instance.deploy()
          - $.address: $.instance.ipAddresses.first()
          - $.setAttr(deployed, true)
`,
}

// upload puts a package into the catalog.
func (s *site) upload(files map[string]string) error {
	var archive, form bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("file", "package.zip")
	if err != nil {
		return err
	}
	if _, err := part.Write(archive.Bytes()); err != nil {
		return err
	}
	if err := m.Close(); err != nil {
		return err
	}
	_, err = s.request(http.MethodPost, s.murano+"/catalog/packages", m.FormDataContentType(), &form, nil, http.StatusOK)
	return err
}

// deploy makes an environment, adds applications in a session, has it deployed and gives its
// address when it is ready.
func (s *site) deploy(name string, applications int) (environment string, err error) {
	var answer struct{ ID string }
	ask := func(path string, body any, header http.Header) error {
		b, err := s.sendWith(http.MethodPost, path, body, header, http.StatusOK)
		if err == nil && len(b) > 0 {
			err = json.Unmarshal(b, &answer)
		}
		return err
	}
	if err := ask(s.murano+"/environments", map[string]any{"name": name}, nil); err != nil {
		return "", err
	}
	environment = s.murano + "/environments/" + answer.ID
	if err := ask(environment+"/configure", nil, nil); err != nil {
		return "", err
	}
	session := answer.ID
	for i := range applications {
		id := fmt.Sprintf("%s-%d", name, i)
		body := map[string]any{"?": map[string]any{"type": "bench.Machine", "id": id}, "name": id,
			"instance": map[string]any{"?": map[string]any{"type": "io.murano.resources.LinuxInstance", "id": "vm-" + id},
				"name": id, "flavor": "m1.small", "image": "cirros-0.6.2-x86_64-disk"}}
		if err := ask(environment+"/services", body, http.Header{"X-Configuration-Session": {session}}); err != nil {
			return "", err
		}
	}
	if _, err := s.send(http.MethodPost, environment+"/sessions/"+session+"/deploy", nil, http.StatusOK); err != nil {
		return "", err
	}
	return environment, s.ready(environment)
}

// ready polls an environment until it is deployed. Polling adds some milliseconds, or five per
// cent; oftener, a hundred clients would measure themselves.
func (s *site) ready(environment string) error {
	began := time.Now()
	for {
		b, err := s.send(http.MethodGet, environment, nil, http.StatusOK)
		if err != nil {
			return err
		}
		var answer struct{ Status string }
		if err := json.Unmarshal(b, &answer); err != nil {
			return err
		}
		switch answer.Status {
		case "ready":
			return nil
		case "deploying":
			time.Sleep(max(2*time.Millisecond, time.Since(began)/20))
		default:
			why, err := s.send(http.MethodGet, environment+"/deployments", nil, http.StatusOK)
			return errors.Join(fmt.Errorf("the environment's status is %s: %s", answer.Status, why), err)
		}
	}
}

// remove deletes an environment and waits until it is gone.
func (s *site) remove(environment string) error {
	if _, err := s.send(http.MethodDelete, environment, nil, http.StatusOK); err != nil {
		return err
	}
	for began := time.Now(); ; time.Sleep(max(2*time.Millisecond, time.Since(began)/20)) {
		b, err := s.send(http.MethodGet, s.murano+"/environments", nil, http.StatusOK)
		if err != nil || !bytes.Contains(b, []byte(path.Base(environment))) {
			return err
		}
	}
}

// environments deploys an environment of five applications, a server each, and many of them
// at once.
func (b *bench) environments(db string) error {
	const applications, many = 5, 100
	return b.with(db, func(s *site) error {
		if err := s.upload(machine); err != nil {
			return err
		}
		return b.times(db, s, "environments of 5 applications", map[string][2]float64{"one": {1, 1}, "100 at once": {10, 10}},
			func(s *site, name string, took func(string, float64)) error {
				began, all := time.Now(), make([]string, many+1)
				var err error
				if all[many], err = s.deploy(name, applications); err != nil {
					return err
				}
				took("one", time.Since(began).Seconds())
				began = time.Now()
				if err := atOnce(many, many, func(i int) (err error) {
					all[i], err = s.deploy(fmt.Sprintf("%s-%d", name, i), applications)
					return err
				}); err != nil {
					return err
				}
				took("100 at once", time.Since(began).Seconds())
				began = time.Now()
				err = atOnce(many+1, many+1, func(i int) error { return s.remove(all[i]) })
				took("delete them", time.Since(began).Seconds())
				return err
			})
	})
}
