package environment

import (
	"context"

	"hearth/core"
	corestore "hearth/core/store"
	"hearth/murano"
	"hearth/murano/patch"
	"hearth/murano/store"
)

// Model gives what is at a path of the environment object; nil for an unknown id at the
// end of the path. Returns NotFound and what checkEnvironment does.
func (s *Service) Model(ctx context.Context, caller *core.Caller, environmentID, sessionID, path string) (any, error) {
	db := s.store.Reader()
	e, err := checkEnvironment(ctx, db, caller, environmentID)
	if err != nil {
		return nil, err
	}
	model, err := currentModel(ctx, db, e, sessionID)
	if err != nil {
		return nil, err
	}
	at, err := locate(objects(model), path)
	if err != nil {
		return nil, caught(err, classKey, classValue)
	}
	return at.value, nil
}

// ModelRules are what a patch may change in an environment object
// (EnvModelJSONPatchDeserializer of murano/common/wsgi.py).
var ModelRules = patch.Rules{
	Allowed: map[string][]string{
		"":                                 {},
		"defaultNetworks":                  {"replace"},
		"defaultNetworks/environment":      {"replace"},
		"defaultNetworks/environment/?/id": {},
		"defaultNetworks/flat":             {"replace"},
		"name":                             {"replace"},
		"region":                           {"replace"},
		"?/type":                           {"replace"},
		"?/id":                             {},
	},
	Unknown: true,
	Schema:  patch.Compile("environment.json", modelSchema),
}

// modelSchema is ENV_SCHEMA of murano/api/v1/validation_schemas.py.
const modelSchema = `{
  "$schema": "http://json-schema.org/draft-04/schema#",
  "type": "object",
  "properties": {
    "?": {
      "type": "object",
      "properties": {
        "id": {"type": "string"}, "name": {"type": "string"}, "type": {"type": "string"}, "_actions": {"type": "object"}
      },
      "required": ["id", "type"]
    },
    "name": {"type": "string"},
    "region": {"type": ["string", "null"]},
    "regions": {"type": "object"},
    "defaultNetworks": {
      "type": "object",
      "properties": {
        "environment": {
          "type": "object",
          "properties": {
            "name": {"type": "string"},
            "?": {
              "type": "object",
              "properties": {"type": {"type": "string"}, "id": {"type": "string"}, "name": {"type": "string"}}
            },
            "autoUplink": {"type": "boolean"},
            "externalRouterId": {"type": "string"},
            "dnsNameServers": {"type": "array"},
            "autogenerateSubnet": {"type": "boolean"},
            "subnetCidr": {"type": "string"},
            "openstackId": {"type": "string"},
            "regionName": {"type": "string"}
          },
          "required": ["name", "?"]
        },
        "flat": {"type": ["boolean", "null"]}
      },
      "required": ["environment", "flat"]
    },
    "services": {"type": "array", "minItems": 0, "items": {"type": "object"}}
  },
  "required": ["?", "name", "region", "defaultNetworks"]
}`

// PatchModel applies operations, as ModelRules has let them pass, to the environment
// object of a session and gives the whole object. Returns Invalid without operations, a
// raised AttributeError without a session, what patch.Apply and checkEnvironment do.
func (s *Service) PatchModel(ctx context.Context, caller *core.Caller, environmentID, sessionID string, ops []patch.Operation) (any, error) {
	var patched any
	err := s.locked(ctx, environmentID, func(ctx context.Context, tx *corestore.Tx) error {
		e, err := checkEnvironment(ctx, tx, caller, environmentID)
		if err != nil {
			return err
		}
		if len(ops) == 0 {
			return murano.Detail(core.Invalid, "Request body is empty: please, provide environment object model patch")
		}
		model, err := currentModel(ctx, tx, e, sessionID)
		if err != nil {
			return err
		}
		value, _ := model.Get(keyObjects)
		if patched, err = patch.Apply(value, ops); err != nil {
			return err
		}
		if sessionID == "" {
			return murano.Raise(core.Internal, classAttribute, "'NoneType' object has no attribute 'description'")
		}
		session, err := store.FindSession(ctx, tx, sessionID)
		if err != nil {
			return err
		}
		return saveObjects(ctx, tx, session, patched)
	})
	return patched, err
}
