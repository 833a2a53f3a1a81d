// SPDX-License-Identifier: GPL-2.0-only

// Command compare holds a trace in JSON lines against the logs of the targets.
//
//	compare [OPTION]... TRACE DIR
//	compare -contract TRACE
//
// It prints one line and exits with 0 when they agree; else it prints the
// first difference and what stands around it, and exits with 1.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"truth/mutate"
	"truth/targetlog"
	"truth/trace"
	"truth/tree"
)

var (
	mode     = flag.String("mode", "whole", "whole, lossy or midflight")
	stripped = flag.Bool("stripped", false, "names are those of a stripped program")
	open     = flag.String("open", trace.Exit, "how calls open in the log end: exit or open")
	early    = flag.Bool("early", false, "with midflight: tracing ended before the target")
	keep     = flag.String("keep", "", "look only at functions whose name begins so")
	reject   = flag.Bool("reject", false, "then make the trace wrong, each way, and see it refused")
	contract = flag.Bool("contract", false, "check the format alone")
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: compare [OPTION]... TRACE DIR | compare -contract TRACE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if n := flag.NArg(); n < 1 || n > 2 || (n == 1) != *contract {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "compare: %s: %v\n", flag.Arg(0), err)
		os.Exit(1)
	}
}

func read() (*trace.Trace, error) {
	f, err := os.Open(flag.Arg(0))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := trace.Read(f)
	if err != nil {
		return nil, err
	}
	t.Keep(kept)
	return t, nil
}

func kept(name string) bool { return strings.HasPrefix(name, *keep) }

func options() (tree.Options, error) {
	opt := tree.Options{Stripped: *stripped, OpenEnd: *open, Early: *early}
	switch *mode {
	case "whole":
	case "lossy":
		opt.Mode = tree.Lossy
	case "midflight":
		opt.Mode = tree.MidFlight
	default:
		return opt, fmt.Errorf("mode %q", *mode)
	}
	return opt, nil
}

func run() error {
	t, err := read()
	if err != nil {
		return err
	}
	if *contract {
		fmt.Printf("ok calls=%d lost=%d\n", len(t.Calls), t.Summary.Lost)
		return nil
	}
	opt, err := options()
	if err != nil {
		return err
	}
	log, err := targetlog.ReadDir(flag.Arg(1))
	if err != nil {
		return err
	}
	for _, l := range log {
		l.Keep(kept)
	}
	res, err := tree.Compare(t, log, opt)
	if err != nil {
		return err
	}
	refused := 0
	if *reject {
		if refused, err = rejectAll(log, opt); err != nil {
			return err
		}
	}
	fmt.Printf("ok calls=%d lanes=%d lost=%d refused=%d\n", res.Calls, res.Lanes,
		t.Summary.Lost, refused)
	return nil
}

// rejectAll makes the trace wrong in every way it can be.
func rejectAll(log []*targetlog.Lane, opt tree.Options) (int, error) {
	refused := 0
	for _, k := range mutate.Kinds {
		if opt.Mode == tree.Lossy && !k.Lossy {
			continue
		}
		t, err := read()
		if err != nil {
			return refused, err
		}
		if !k.Apply(t) {
			continue
		}
		if _, err := tree.Compare(t, log, opt); err == nil {
			return refused, fmt.Errorf("made wrong (%s), it still agrees", k.Name)
		}
		refused++
	}
	if refused < 3 {
		return refused, fmt.Errorf("only %d ways to make it wrong", refused)
	}
	return refused, nil
}
