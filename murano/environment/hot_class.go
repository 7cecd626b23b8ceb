package environment

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hearth/murano/catalog"
	"hearth/murano/muranopl"
)

// hotSource makes a HOT package one class, an application that keeps a stack of its own
// (murano/packages/hot_package.py HotPackage).
func hotSource(lang *muranopl.Language, src *muranopl.Source, pkg *catalog.Package) error {
	hot, err := pkg.HOT()
	if err != nil {
		return err
	}
	src.Format = muranopl.Format14
	src.Documents = once(func(string) ([]any, error) {
		return lang.Parse(src.Format, []byte(hotClass(pkg.FullName, hot)), "<generated code>")
	})
	src.Resource = func(name string) ([]byte, error) {
		if name == pkg.FullName {
			return pkg.File("", "template.yaml")
		}
		return pkg.File("Resources", name)
	}
	return nil
}

// hotClass writes the class. What the values of parameters may be is left to the template,
// whose constraints say it; those without a value are not sent.
func hotClass(name string, hot *catalog.HOT) string {
	parameters, outputs := "{}", make([]string, len(hot.Outputs))
	if len(hot.Environments) == 0 {
		names := make([]string, len(hot.Parameters))
		for i, p := range hot.Parameters {
			names[i] = p.Name
		}
		parameters = anyOf(names)
	}
	copy(outputs, hot.Outputs)
	var files []string
	for _, f := range slices.Sorted(maps.Keys(hot.Files)) {
		files = append(files, literal(f)+" => $resources.string("+literal("HotFiles/"+f)+")")
	}
	environments := make([]string, 0, len(hot.Environments))
	for _, f := range slices.Sorted(maps.Keys(hot.Environments)) {
		environments = append(environments, literal(f))
	}
	return fmt.Sprintf(hotClassText, quoted(name), parameters,
		quoted("$.string().check(not bool($) or $ in ["+strings.Join(environments, ", ")+"], 'there is no file HotEnvironments/' + str($))"),
		anyOf(outputs), quoted("$resources.yaml("+literal(name)+")"), quoted("$stack.setFiles(dict("+strings.Join(files, ", ")+"))"))
}

const hotClassText = `Name: %[1]s
Extends: io.murano.Application
Properties:
  name:
    Contract: $.string().notNull()
  templateParameters:
    Contract: %[2]s
    Default: {}
  hotEnvironment:
    Contract: !yaql %[3]s
  templateOutputs:
    Contract: %[4]s
    Default: {}
    Usage: Out
  generatedHeatStackName:
    Contract: $.string()
    Usage: Out
Methods:
  deploy:
    Body:
      - $environment: $.find('io.murano.Environment').require()
      - $reporter: new('io.murano.system.StatusReporter', environment => $environment)
      - If: $.getAttr(generatedHeatStackName) = null
        Then:
          - $.setAttr(generatedHeatStackName, '{0}_{1}'.format(randomName(), id($environment)))
      - $stack: new('io.murano.system.HeatStack', $environment, name => $.getAttr(generatedHeatStackName))
      - $reporter.report($this, 'Application deployment has started')
      - $resources: new('io.murano.system.Resources')
      - $template: !yaql %[5]s
      - $stack.setTemplate($template)
      - $stack.setParameters($.templateParameters.items().where($[1] != null).toDict($[0], $[1]))
      - !yaql %[6]s
      - If: bool($.hotEnvironment)
        Then:
          - $stack.setHotEnvironment($resources.string('HotEnvironments/' + $.hotEnvironment))
      - $reporter.report($this, 'Stack creation has started')
      - Try:
          - $stack.push()
        Catch:
          - As: e
            Do:
              - $reporter.report_error($this, $e.message)
              - Rethrow:
        Else:
          - $.templateOutputs: $stack.output().items().toDict($[0], switch(isNumber($[1]) => str($[1]), true => $[1]))
          - $reporter.report($this, 'Stack was successfully created')
          - $reporter.report($this, 'Application deployment has finished')
  destroy:
    Body:
      - $name: $.getAttr(generatedHeatStackName)
      - If: $name != null
        Then:
          - $environment: $.find('io.murano.Environment').require()
          - $stack: new('io.murano.system.HeatStack', $environment, name => $name)
          - $stack.delete()
`

// anyOf is a contract that keeps these keys, whatever they hold; all keys, for none.
func anyOf(names []string) string {
	pairs := make([]string, len(names))
	for i, n := range names {
		pairs[i] = quoted(n) + ": $"
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// quoted is a text as YAML reads it, and never as an expression.
func quoted(s string) string {
	raw, _ := json.Marshal(s) // a text always has JSON
	return string(raw)
}

// literal is a text in an expression.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
