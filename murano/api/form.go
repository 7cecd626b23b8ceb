package api

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"

	"hearth/core"
	"hearth/core/yaml"
	"hearth/murano"
)

// form is a multipart body: its last file and its last text that is a JSON object, whatever
// the parts are called.
type form struct {
	parts    map[string]bool // by name
	file     []byte
	hasFile  bool
	metadata *yaml.Map
}

func readForm(raw []byte, boundary string) (*form, error) {
	f := &form{parts: map[string]bool{}}
	r := multipart.NewReader(bytes.NewReader(raw), boundary)
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, murano.Explain(core.Invalid, "Malformed request body")
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return nil, murano.Explain(core.Invalid, "Malformed request body")
		}
		f.parts[p.FormName()] = true
		if p.FileName() != "" {
			f.file, f.hasFile = data, true
			continue
		}
		if v, err := yaml.DecodeJSON(data); err == nil {
			if m, ok := v.(*yaml.Map); ok {
				f.metadata = m
			}
		}
	}
}
