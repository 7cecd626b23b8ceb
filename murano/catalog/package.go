package catalog

import (
	"errors"
	"io/fs"
	"path"

	"hearth/murano"
)

// Package is an archive that has been read.
type Package struct {
	Format       Format
	FullName     string
	Version      string // semantic: 1.0.0
	Type         string // murano.Application, murano.Library
	Name         string
	Description  string
	Author       string
	Supplier     []byte // JSON
	Tags         []string
	Classes      []string // full names
	UI           []byte   // nil when there is none
	Logo         []byte
	SupplierLogo []byte

	archive *Archive
}

// What the catalogue shows of a package whose manifest does not say.
const (
	noDescription = "The description is not provided"
	noAuthor      = "OpenStack"
)

// Load reads an archive. It returns Invalid, with the text that is shown to who uploaded
// it, for whatever is not a package.
func Load(data []byte, limits Limits) (*Package, error) {
	a, err := OpenArchive(data, limits)
	if err != nil {
		return nil, err
	}
	return load(a)
}

// Check says why an archive is no package, as Load does; nil for one that is.
func Check(a *Archive) error {
	_, err := load(a)
	return err
}

func load(a *Archive) (*Package, error) {
	m, err := readManifest(a)
	if err != nil {
		return nil, err
	}
	p := &Package{
		Format: m.format, FullName: m.fullName, Version: m.version, Type: m.kind, Name: m.name,
		Description: noDescription, Author: noAuthor, Supplier: m.supplierJSON(), Tags: m.tags, Classes: m.classes,
		archive: a,
	}
	if m.description != nil {
		p.Description = *m.description
	}
	if m.author != nil {
		p.Author = *m.author
	}
	if p.Logo, err = a.image(m.logo, "logo.png", "logo"); err != nil {
		return nil, err
	}
	if p.SupplierLogo, err = a.image(text(m.supplier, "Logo", ""), "supplier_logo.png", "supplier logo"); err != nil {
		return nil, err
	}
	if m.format.Name == HeatHOT {
		return p, p.loadHOT(m)
	}
	return p, p.loadMuranoPL(m)
}

// loadHOT: the package is one class, and its form is generated whatever it brings.
func (p *Package) loadHOT(m *manifest) error {
	p.Classes = []string{p.FullName}
	h, err := p.HOT()
	if err != nil {
		return err
	}
	p.UI = h.ui(p.FullName, p.Version, m.description)
	return nil
}

func (p *Package) loadMuranoPL(m *manifest) error {
	ui, err := p.archive.Read(path.Join("UI", path.Join("/", m.ui)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p.UI = ui
	return nil
}

// Class is the type of the package's objects of that class, as a deployed model has it.
func (p *Package) Class(name string) murano.ClassName {
	return murano.ClassName{Name: name, Version: p.Version, Package: p.FullName}
}
