package murano

import (
	"encoding/json"
	"time"
)

// Package is what the catalogue tells of an application or a library without opening its
// archive. The bun tags name the columns of table packages; Categories, Tags and Classes
// are tables of their own.
type Package struct {
	ID                 string          `bun:"id,pk"`
	FullyQualifiedName string          `bun:"fully_qualified_name"`
	OwnerID            string          `bun:"owner_id"` // a project
	Name               string          `bun:"name"`
	Type               string          `bun:"type"` // Application, Library
	Author             *string         `bun:"author"`
	Supplier           json.RawMessage `bun:"supplier,type:text"`
	Description        string          `bun:"description"`
	IsPublic           bool            `bun:"is_public"`
	Enabled            bool            `bun:"enabled"`
	CreatedAt          time.Time       `bun:"created_at"`
	UpdatedAt          time.Time       `bun:"updated_at"`

	Categories []string `bun:"-"`
	Tags       []string `bun:"-"`
	Classes    []string `bun:"-"`
}

// PackageFiles are the large parts of a package. The bun tags name the columns of table
// package_files.
type PackageFiles struct {
	PackageID    string `bun:"package_id,pk"`
	Archive      []byte `bun:"archive"`     // the zip as it was uploaded
	UI           []byte `bun:"ui,nullzero"` // the form definition, generated for a HOT package
	Logo         []byte `bun:"logo,nullzero"`
	SupplierLogo []byte `bun:"supplier_logo,nullzero"`
}

// The package types.
const (
	Application = "Application"
	Library     = "Library"
)
