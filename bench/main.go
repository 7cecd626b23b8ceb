// Command bench measures Hearth end to end over HTTP: the real binary on a fresh
// directory, on both databases, a client on loopback. It prints JSON lines, one for each
// figure, with the goal where there is one, and fails when one is missed.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
)

func main() {
	b := new(bench)
	flag.StringVar(&b.hearth, "hearth", "bin/hearth", "the binary to measure")
	flag.IntVar(&b.runs, "runs", 3, "how often each short case is run; the median counts")
	only := flag.String("cases", ".", "regular expression: the cases to run, by database/case")
	list := flag.Bool("list", false, "print the names of the cases and run none")
	flag.Parse()
	var err error
	if b.only, err = regexp.Compile(*only); err != nil {
		fail(err)
	}
	if *list {
		for _, c := range cases {
			for _, db := range c.databases {
				fmt.Println(db + "/" + c.name)
			}
		}
		return
	}
	if err := b.measure(); err != nil {
		fail(err)
	}
	if b.missed > 0 {
		fail(fmt.Errorf("%d goals missed", b.missed))
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}
