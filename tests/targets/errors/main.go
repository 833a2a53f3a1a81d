// SPDX-License-Identifier: GPL-2.0-only

// Errors of the standard library, made by what makes them where that needs no network but this
// host's: for each it writes what Error() says, or that a tracer cannot know it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:noinline
func fails(n int, err error) (int, error) { return n, err }

// A stripped program's rules can only follow a pointer.
//
//go:noinline
func points(n int, err *error) int { return n }

type truth struct {
	N    int     `json:"n"`
	Text *string `json:"text"`
	Cut  bool    `json:"cut,omitempty"`
}

var (
	out   = json.NewEncoder(os.Stdout)
	calls int
)

func tell(err error, known, cut bool) {
	line := truth{N: calls, Cut: cut}
	if known {
		text := err.Error()
		line.Text = &text
	}
	out.SetEscapeHTML(false)
	if e := out.Encode(line); e != nil {
		panic(e)
	}
	fails(calls, err)
	points(calls, &err)
	calls++
}

// says is for errors whose words are known.
func says(err error) { tell(err, true, false) }

// begins is for those of which the beginning is.
func begins(err error) { tell(err, true, true) }

// fields is for those of which only the fields can be shown.
func fields(err error) { tell(err, false, false) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func tcp(host string) (net.Listener, net.Conn, net.Conn) {
	l, err := net.Listen("tcp", host)
	if err != nil {
		return nil, nil, nil
	}
	c, err := net.Dial("tcp", l.Addr().String())
	must(err)
	s, err := l.Accept()
	must(err)
	return l, c, s
}

func broken(l net.Listener, c, s net.Conn) {
	var buf [1]byte

	must(c.SetReadDeadline(time.Unix(1, 0)))
	_, err := c.Read(buf[:])
	says(err)
	_, err = s.Write(buf[:])
	must(err)
	must(c.Close())
	_, err = c.Read(buf[:])
	says(err)
	_, err = c.Write(buf[:])
	says(err)
	for err = nil; err == nil; {
		_, err = s.Write(buf[:])
	}
	says(err)
	must(s.Close())
	must(l.Close())
	_, err = l.Accept()
	says(err)
	_, err = net.Dial(l.Addr().Network(), l.Addr().String())
	says(err)
}

func dials() {
	dir, err := os.MkdirTemp("/tmp", "errors")
	must(err)
	defer os.RemoveAll(dir)
	for _, host := range []string{"127.0.0.1:0", "[::1]:0"} {
		if l, c, s := tcp(host); l != nil {
			broken(l, c, s)
		}
	}
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	must(err)
	_, err = net.Listen("unix", path)
	says(err)
	c, err := net.Dial("unix", path)
	must(err)
	s, err := l.Accept()
	must(err)
	broken(l, c, s)
	_, err = net.Dial("unix", filepath.Join(dir, "none"))
	says(err)
	for _, args := range [][2]string{{"tcp", "127.0.0.1:1"}, {"tcp4", "127.0.0.1:65535"}, {"none", "x"},
		{"udp", "127.0.0.1:none"}, {"tcp", "nowhere"}, {"tcp", "[fe80::1%none]:1"}} {
		_, err = net.Dial(args[0], args[1])
		if strings.Contains(err.Error(), "%") {
			fields(err)
			continue
		}
		says(err)
	}
	u, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(err)
	_, err = net.ListenUDP("udp", u.LocalAddr().(*net.UDPAddr))
	says(err)
	must(u.SetDeadline(time.Unix(1, 0)))
	_, _, err = u.ReadFromUDP(make([]byte, 1))
	says(err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:1")
	says(err)
	ctx, cancel = context.WithDeadline(context.Background(), time.Unix(1, 0))
	defer cancel()
	_, err = new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:1")
	says(err)
}

type odd struct{ what string }

func (o *odd) Error() string   { return "odd: " + o.what }
func (o *odd) Network() string { return "odd" }
func (o *odd) String() string  { return "?" + o.what }

func addresses() {
	boom := errors.New("boom")
	for _, ip := range []string{"0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
		"2001:0:0:1:0:0:0:1", "1:0:0:2:0:0:3:4", "ff02::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "::1.2.3.4"} {
		says(&net.OpError{Op: "read", Net: "ip", Addr: &net.IPAddr{IP: net.ParseIP(ip)}, Err: boom})
		says(&net.OpError{Op: "read", Net: "udp", Source: &net.UDPAddr{IP: net.ParseIP(ip), Port: 7}, Err: boom})
	}
	says(&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(9, 8, 7, 6).To4(), Port: 65535}, Err: boom})
	says(&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{Port: -1}, Err: boom})
	says(&net.OpError{Op: "dial", Net: "tcp", Addr: (*net.TCPAddr)(nil), Err: boom})
	says(&net.OpError{Op: "dial", Source: &net.UnixAddr{Name: "@"}, Addr: &net.UnixAddr{}, Err: boom})
	says(&net.OpError{Err: io.EOF})
	fields(&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "lo"}, Err: boom})
	fields(&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: []byte{1, 2, 3}}, Err: boom})
	fields(&net.OpError{Op: "dial", Net: "tcp", Addr: &odd{"a"}, Err: boom})
	fields(&net.OpError{Op: "dial", Net: "tcp", Source: &odd{"a"}, Err: boom})
	fields(&net.OpError{Op: "dial", Net: "tcp", Err: &odd{"e"}})
	fields(&net.OpError{Op: "longer than sixteen", Net: "tcp", Err: boom})
	fields(&net.OpError{Op: "dial", Net: "unix", Addr: &net.UnixAddr{Name: strings.Repeat("p", 65)}, Err: boom})
}

func names() {
	for _, err := range []*net.DNSError{
		{Err: "no such host", Name: "nosuch.example"},
		{Err: "server misbehaving", Name: "a.example", Server: "127.0.0.53:53"},
		{Err: "", Name: ""},
	} {
		says(err)
		says(&net.OpError{Op: "dial", Net: "tcp", Err: err})
		says(&url.Error{Op: "Get", URL: "http://" + err.Name + "/", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}})
		fields(&net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{}, Err: err})
	}
	says(&net.AddrError{Err: "missing port in address", Addr: "here"})
	says(&net.AddrError{Err: "none"})
	says(&url.Error{Op: "Get", URL: "u", Err: &net.AddrError{Err: "none", Addr: "a"}})
	fields(&net.OpError{Op: "dial", Source: &net.TCPAddr{}, Err: &net.AddrError{Err: "none"}})
	fields(&net.AddrError{Err: "none", Addr: strings.Repeat("n", 65)})
	fields(&net.DNSError{Err: "e", Name: strings.Repeat("n", 65)})
}

func requests() {
	_, err := http.Get("http://127.0.0.1:1/path?q=1")
	says(err)
	_, err = http.Get("none://h/")
	says(err)
	_, err = url.Parse("http://h\x7f/")
	fields(err)
	_, err = url.Parse("http://h/%zz")
	says(err)
	says(url.EscapeError("%zz"))
	fields(url.EscapeError("%\""))
	body := http.MaxBytesReader(nil, io.NopCloser(bytes.NewReader(make([]byte, 9))), 1)
	_, err = io.ReadAll(body)
	says(err)
	says(fmt.Errorf("asking: %w", &url.Error{Op: "Get", URL: "u", Err: io.EOF}))
}

func files() {
	_, err := os.Open("/none")
	says(err)
	says(os.Link("/none", "/none2"))
	says(os.Rename("/none", "/none2"))
	says(os.Symlink("target", "/"))
	says(os.NewSyscallError("fcntl", syscall.EBADF))
	says(os.NewSyscallError("x", syscall.Errno(200)))
	says(&os.PathError{Op: "read", Path: "/p", Err: os.NewSyscallError("y", syscall.EINTR)})
	says(&os.PathError{Op: "read", Path: "/p", Err: os.ErrClosed})
	says(&os.PathError{Op: "read", Path: "/p", Err: os.ErrDeadlineExceeded})
	says(&os.PathError{Op: "read", Path: "/p", Err: context.DeadlineExceeded})
	fields(&os.PathError{Op: "read", Path: "/p", Err: &odd{"e"}})
	fields(&os.PathError{Op: "read", Path: "/p", Err: &os.PathError{Op: "stat", Path: "/q", Err: io.EOF}})
}

func commands() {
	_, err := exec.LookPath("no-such-program")
	says(err)
	says(exec.Command("no-such-program").Run())
	says(exec.Command("/none/program").Run())
	says(exec.Command("/bin/sh", "-c", "exit 3").Run())
	says(exec.Command("/bin/false").Run())
	says(exec.Command("/bin/sh", "-c", "kill -9 $$").Run())
	fields(&exec.Error{Name: "a\"b", Err: io.EOF})
}

func others() {
	_, err := strconv.Atoi("x1")
	says(err)
	_, err = strconv.ParseInt("99999999999999999999", 10, 64)
	says(err)
	says(json.Unmarshal([]byte("{,}"), new(any)))
	says(io.ErrUnexpectedEOF)
	says(context.DeadlineExceeded)
	says(syscall.EAGAIN)
	says(net.ErrClosed)
	says(os.ErrDeadlineExceeded)
	says(net.UnknownNetworkError("n"))
	_, _, err = net.ParseCIDR("1.2.3.4/x")
	says(err)
	_, err = user.Lookup("no-such-user")
	says(err)
	fields(&odd{"one"})
}

func main() {
	says(errors.New("first"))
	dials()
	addresses()
	names()
	requests()
	files()
	commands()
	webs()
	joined()
	foreign()
	others()
}
