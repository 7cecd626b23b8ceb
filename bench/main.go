// Command bench measures Hearth end to end over HTTP: the real binary on a fresh
// directory, on both databases, a client on loopback. It prints JSON lines, one for each
// case and operation, with the goal where there is one, and fails when one is missed.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	hearth := flag.String("hearth", "bin/hearth", "the binary to measure")
	runs := flag.Int("runs", 3, "how often each case is run; the median counts")
	flag.Parse()
	missed, err := measure(*hearth, *runs)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if missed > 0 {
		fmt.Fprintf(os.Stderr, "bench: %d goals missed\n", missed)
		os.Exit(1)
	}
}
