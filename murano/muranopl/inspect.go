package muranopl

import (
	"hearth/core/yaml"
	"hearth/core/yaql"
	"hearth/murano/muranopl/syntax"
)

// What those need who look at programs without running them.

// Nodes is Parse that keeps the place of everything, see syntax.Nodes.
func (l *Language) Nodes(f Format, text []byte) ([]*yaml.Node, error) {
	return syntax.Nodes(l.dialect(f).engine, text)
}

// Functions are those that code of a format may call without any class: of the language, of
// contracts, and those that are for io.murano alone.
func (l *Language) Functions(f Format) []*yaql.Function {
	d := l.dialect(f)
	return append(d.contract.Functions(), d.restricted.Functions()...)
}

// Natives are the native classes of the language.
func (l *Language) Natives() []*Native { return l.natives }

// ContractMethod is a method that contracts call, with how many arguments it takes.
type ContractMethod struct {
	Name        string
	Least, Most int
}

// ContractMethods are all there are.
func ContractMethods() []ContractMethod {
	var out []ContractMethod
	for _, m := range contractMethods() {
		out = append(out, ContractMethod{m.name, m.least, m.most})
	}
	return out
}

// StatementForm is a statement that is a map: the keys that it must have and those it may.
type StatementForm struct{ Must, May []string }

// StatementForms are all there are, in the order in which they are tried.
func StatementForms() []StatementForm {
	var out []StatementForm
	for _, k := range statementKinds() {
		out = append(out, StatementForm{k.must, k.may})
	}
	return out
}

// NewNamespaces reads the Namespaces of a class file; ValueError for what is none.
func NewNamespaces(m *syntax.Map) (*Namespaces, error) { return newNamespaces(m) }

// The values that keys of class files may have.
var (
	PropertyUsages = propertyUsages
	MethodUsages   = []string{usageRuntime, usageAction, usageStatic, usageExtension}
	MethodScopes   = []string{scopeSession, scopePublic}
	ArgumentUsages = argUsages
	ClassUsages    = []string{classUsage, metaUsage}
	Cardinalities  = []string{cardinalityOne, cardinalityMany}
	MetaTargets    = append([]string{"All"}, allTargets...)
)

// MethodNames are the names of the methods that the class itself declares, in the order of its
// file.
func (c *Class) MethodNames() []string {
	names := make([]string, len(c.methods))
	for i, m := range c.methods {
		names[i] = m.Name
	}
	return names
}

// Extends reports whether the class has an ancestor of that name.
func (c *Class) Extends(name string) bool {
	for _, a := range c.ancestors() {
		if a.Name == name {
			return true
		}
	}
	return false
}

// Method reports whether the class or an ancestor has a method of that name.
func (c *Class) Method(name string) bool { return len(c.findMethod(name)) > 0 }
