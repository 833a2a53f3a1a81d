// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"crypto/tls"
	"net"
	"net/netip"
	"os"
)

type holdsIP struct {
	N int
	V net.IP
}

//go:noinline
func ips(v net.IP, p *net.IP, in holdsIP, s []net.IP, a any, z *net.IP) {}

//go:noinline
func nets4(n *net.IPNet, m net.HardwareAddr, mask net.IPMask) {}

type holdsAddr struct {
	N int
	V net.Addr
}

//go:noinline
func addrs(a net.Addr, p *net.TCPAddr, in holdsAddr, z net.Addr) {}

type holdsConn struct {
	N int
	V *net.TCPConn
}

//go:noinline
func conns(p *net.TCPConn, in holdsConn, z *net.TCPConn) {}

//go:noinline
func listeners(l *net.TCPListener) {}

type holdsConnection struct {
	N int
	V net.Conn
}

//go:noinline
func held(c net.Conn, in holdsConnection, p *holdsConnection, l net.Listener, u net.PacketConn, z net.Conn) {
}

//go:noinline
func secured(c net.Conn) {}

type other struct{ net.Conn }

// What is no connection of net's is not read as one.
//
//go:noinline
func others(c net.Conn) {}

type holdsNetip struct {
	N int
	V netip.Addr
}

//go:noinline
func netips(v netip.Addr, p *netip.Addr, in holdsNetip, s []netip.Addr) {}

//go:noinline
func netipPorts(v netip.AddrPort, p *netip.AddrPort) {}

//go:noinline
func prefixes(v netip.Prefix, p *netip.Prefix) {}

func nets() {
	for _, text := range []string{"10.1.2.3", "2001:db8::1", "::", "::1", "fe80::1:0:0:1", "255.255.255.255"} {
		ip := net.ParseIP(text)
		everywhere("ips", ip.String())
		ips(ip, &ip, holdsIP{1, ip}, []net.IP{ip}, ip, nil)
	}
	_, n, _ := net.ParseCIDR("10.1.0.0/16")
	want("nets4", n.String(), "02:42:ac:11:00:02", "ffff0000")
	nets4(n, net.HardwareAddr{2, 0x42, 0xac, 0x11, 0, 2}, n.Mask)

	four, six := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}, &net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 443, Zone: "eth0"}
	for _, a := range []*net.TCPAddr{four, six} {
		want("addrs", a.String(), a.String(), a.String(), "null")
		addrs(a, a, holdsAddr{1, a}, nil)
	}
	unix := &net.UnixAddr{Name: "/run/x.sock", Net: "unix"}
	want("addrs", unix.String(), "null", unix.String(), "null")
	addrs(unix, nil, holdsAddr{1, unix}, nil)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	want("listeners", l.Addr().String())
	listeners(l.(*net.TCPListener))
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		panic(err)
	}
	if _, err = l.Accept(); err != nil {
		panic(err)
	}
	ends := c.LocalAddr().String() + "->" + c.RemoteAddr().String()
	want("conns", ends, ends, "null")
	conns(c.(*net.TCPConn), holdsConn{1, c.(*net.TCPConn)}, nil)
	u, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	want("held", ends, ends, ends, l.Addr().String(), u.LocalAddr().String(), "null")
	held(c, holdsConnection{1, c}, &holdsConnection{1, c}, l, u, nil)
	want("secured", ends)
	secured(tls.Client(c, &tls.Config{}))
	others(&other{c})
	u.Close()
	c.Close()
	l.Close()
	dir, err := os.MkdirTemp("/tmp", "known")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if l, err = net.Listen("unix", dir+"/s"); err != nil {
		panic(err)
	}
	if c, err = net.Dial("unix", dir+"/s"); err != nil {
		panic(err)
	}
	ends = c.LocalAddr().String() + "->" + c.RemoteAddr().String()
	want("held", ends, ends, ends, l.Addr().String(), "null", "null")
	held(c, holdsConnection{1, c}, &holdsConnection{1, c}, l, nil, nil)
	c.Close()
	l.Close()

	for _, text := range []string{"10.1.2.3", "2001:db8::1", "::ffff:1.2.3.4", "::"} {
		a := netip.MustParseAddr(text)
		want("netips", a.String(), a.String(), a.String(), a.String())
		netips(a, &a, holdsNetip{1, a}, []netip.Addr{a})
		ap := netip.AddrPortFrom(a, 8080)
		words := ap.String()
		if text == "::ffff:1.2.3.4" {
			words = "[::ffff:1.2.3.4]:8080" // 1.19 says it otherwise
		}
		want("netipPorts", words, words)
		netipPorts(ap, &ap)
	}
	for _, text := range []string{"10.1.2.0/24", "2001:db8::/32"} {
		p := netip.MustParsePrefix(text)
		want("prefixes", p.String(), p.String())
		prefixes(p, &p)
	}
}
