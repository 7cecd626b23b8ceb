package agent

import (
	_ "embed"
	"strings"
	"text/template"
)

//go:embed agent.sh
var agentScript string

//go:embed bootstrap.sh
var bootstrapText string

var bootstrapTemplate = template.Must(template.New("bootstrap").Parse(bootstrapText))

// bootstrap is the script that a server boots with. Its second line marks it, and the two
// after it give the queue's address and token: the simulated cloud looks for them.
func bootstrap(url, token string) (string, error) {
	var b strings.Builder
	err := bootstrapTemplate.Execute(&b, struct{ URL, Token, Agent string }{quote(url), quote(token), agentScript})
	return b.String(), err
}
