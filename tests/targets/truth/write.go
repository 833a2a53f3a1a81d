// SPDX-License-Identifier: GPL-2.0-only

package truth

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Flush writes the log to a new file, PID.N, in the directory that TRUTH_DIR
// names; N counts what this process has been before it replaced itself. Calls
// still open are left open: the process is about to end, in whatever way.
// Without TRUTH_DIR nothing is written.
//
// The file is text. `pid N` comes first, then, per goroutine, `lane GOID` and
// its stamps, one a line: the letter, the time, and
//
//	> NAME [TID]   < (none)   [ NAME   ] DEPTH [RESULT]   ^ (none)
//	! DEPTH        $ (none)
//
// with a tab between the fields, for names have spaces. `end` is the last line.
func Flush() {
	dir := os.Getenv("TRUTH_DIR")
	if dir == "" {
		return
	}
	if err := write(dir); err != nil {
		fmt.Fprintln(os.Stderr, "truth:", err)
		os.Exit(120)
	}
}

func create(dir string) (*os.File, error) {
	for n := 0; ; n++ {
		name := filepath.Join(dir, fmt.Sprintf("%d.%d", os.Getpid(), n))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

func write(dir string) error {
	mu.Lock()
	defer mu.Unlock()
	f, err := create(dir)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintf(w, "pid\t%d\n", os.Getpid())
	goids := make([]int64, 0, len(lanes))
	for id := range lanes {
		goids = append(goids, id)
	}
	sort.Slice(goids, func(i, j int) bool { return goids[i] < goids[j] })
	for _, id := range goids {
		fmt.Fprintf(w, "lane\t%d\n", id)
		for i := range lanes[id].stamps {
			lanes[id].stamps[i].write(w)
		}
	}
	fmt.Fprintln(w, "end")
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func (s *stamp) write(w *bufio.Writer) {
	fmt.Fprintf(w, "%c\t%d", s.what, s.at)
	switch s.what {
	case entered, calling:
		fmt.Fprintf(w, "\t%s", s.name)
		if s.tid != 0 {
			fmt.Fprintf(w, "\t%d", s.tid)
		}
	case back:
		fmt.Fprintf(w, "\t%d", s.n)
		if s.has {
			fmt.Fprintf(w, "\t%s", s.name)
		}
	case unwound:
		fmt.Fprintf(w, "\t%d", s.n)
	}
	w.WriteByte('\n')
}
