//go:build tools

// Package tools pins the programs that check the project, apart from what it is made of.
package tools

import _ "github.com/golangci/golangci-lint/v2/cmd/golangci-lint"
