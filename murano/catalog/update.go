package catalog

import (
	"context"
	"slices"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/core/yaml"
	"hearth/murano"
	"hearth/murano/patch"
	"hearth/murano/store"
)

// PackageRules are what a patch may change in a package
// (MuranoPackageJSONPatchDeserializer of murano/common/wsgi.py).
var PackageRules = patch.Rules{
	Allowed: map[string][]string{
		"categories":  {"add", "replace", "remove"},
		"tags":        {"add", "replace", "remove"},
		"is_public":   {"replace"},
		"enabled":     {"replace"},
		"description": {"replace"},
		"name":        {"replace"},
	},
	Flat: true,
	Schema: patch.Compile("package.json", `{
  "$schema": "http://json-schema.org/draft-04/schema#",
  "type": "object",
  "properties": {
    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
    "categories": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
    "description": {"type": "string"},
    "name": {"type": "string"},
    "is_public": {"type": "boolean"},
    "enabled": {"type": "boolean"}
  },
  "additionalProperties": false
}`),
}

// Publishes reports whether the operations would make a package public that is not.
func Publishes(p *murano.Package, ops []patch.Operation) bool {
	return !p.IsPublic && slices.ContainsFunc(ops, func(op patch.Operation) bool { return op.Path[0] == "is_public" && op.Value == true })
}

// Update applies operations, as PackageRules has let them pass, to a package of the
// caller's project, or any for an administrator. Returns NotFound, Forbidden, Invalid for a
// name that is too long or a category that there is not, Conflict when the package becomes
// public and its name or a class is public already.
func (s *Service) Update(ctx context.Context, caller *core.Caller, id string, ops []patch.Operation) (*murano.Package, error) {
	for _, op := range ops {
		if name, ok := op.Value.(string); ok && op.Path[0] == "name" && len([]rune(name)) > maxName {
			return nil, nameTooLong()
		}
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *corestore.Tx) error {
		if err := lockClasses(ctx, tx, caller.ProjectID, true); err != nil {
			return err
		}
		p, err := findAny(ctx, tx, id)
		if err != nil {
			return err
		}
		if !caller.IsAdmin() && p.OwnerID != caller.ProjectID {
			return murano.Explain(core.Forbidden, "Package '%s' is not owned by tenant '%s'", id, caller.ProjectID)
		}
		wasPublic := p.IsPublic
		for _, op := range ops {
			if err := apply(p, op); err != nil {
				return err
			}
		}
		if p.IsPublic && !wasPublic {
			if err := checkPublic(ctx, tx, p); err != nil {
				return err
			}
		}
		categories, err := categoryIDs(ctx, tx, p.Categories)
		if err != nil {
			return err
		}
		p.UpdatedAt = store.Now()
		return store.UpdatePackage(ctx, tx, p, categories)
	})
	if err != nil {
		return nil, err
	}
	return findAny(ctx, s.Store.Reader(), id)
}

// checkPublic looks among the public packages alone: those of the project are the
// package's old neighbours.
func checkPublic(ctx context.Context, tx *corestore.Tx, p *murano.Package) error {
	taken, err := store.PublicNameTaken(ctx, tx, p.FullyQualifiedName, p.ID)
	if err != nil {
		return err
	}
	if taken {
		return murano.Detail(core.Conflict, "Package with the same Name is already made public")
	}
	return checkFree(ctx, tx, p, "", p.ID)
}

func apply(p *murano.Package, op patch.Operation) error {
	switch op.Path[0] {
	case "is_public":
		p.IsPublic = op.Value == true
	case "enabled":
		p.Enabled = op.Value == true
	case "description":
		p.Description = yaml.Str(op.Value)
	case "name":
		p.Name = yaml.Str(op.Value)
	case "tags":
		return applyNames(&p.Tags, op)
	case "categories":
		return applyNames(&p.Categories, op)
	}
	return nil
}

func applyNames(names *[]string, op patch.Operation) error {
	list, _ := op.Value.([]any)
	values := make([]string, len(list))
	for i, v := range list {
		values[i] = yaml.Str(v)
	}
	switch op.Op {
	case "add":
		*names = union(*names, values)
	case "replace":
		*names = union(values, nil)
	case "remove":
		for _, v := range values {
			i := slices.Index(*names, v)
			if i < 0 {
				return murano.Explain(core.NotFound, "Value '%s' of property '%s' does not exist.", v, op.Path[0])
			}
			*names = slices.Delete(*names, i, i+1)
		}
	}
	return nil
}
