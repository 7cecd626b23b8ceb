// Package syntax reads MuranoPL class files: YAML documents in which every plain scalar that
// is an expression is one (murano/engine/yaql_yaml_loader.py). The trees know where each
// expression and each block stood.
package syntax
