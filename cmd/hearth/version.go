package main

import (
	"fmt"
	"runtime/debug"
)

// release is set by the build (-ldflags "-X main.release=…").
var release string

// version is the release, else the revision that the binary was built from.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "devel"
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	_, err := fmt.Println("hearth", version())
	return err
}
