// Command start starts providers as Terraform and OpenTofu do, asks each for its schema, and prints a table
// of how long that took, how much memory the process holds then, and how large its binary is. The first
// provider is the floor of the others. The CLI and a provider prove themselves to each other by TLS
// certificates, each of which is made anew; since that takes far longer than all else, everything is
// measured without them as well.
//
//	start NAME=BINARY NAME=BINARY …
package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// rounds is how often each provider is started, in turn; the best time and the least memory count, which
// are those that the rest of the machine disturbed least.
const rounds = 100

type figures struct {
	name, path string
	ready      time.Duration // from the start of the process until it listens
	schema     time.Duration // from the start of the process to the answer
	resident   int64         // bytes once it has answered
	size       int64         // bytes of the binary
}

func main() {
	identity, err := newIdentity()
	if err != nil {
		fatal(err)
	}
	secure, plain := measure(os.Args[1:], identity), measure(os.Args[1:], nil)
	fmt.Print("| provider | start until it listens | start to schema answer | resident memory | stripped binary |\n|---|---|---|---|---|\n")
	report(secure, "")
	report(plain, ", without TLS")
}

// measure returns the best figures of each provider.
func measure(arguments []string, identity *identity) []*figures {
	var providers []*figures
	for _, argument := range arguments {
		name, path, _ := strings.Cut(argument, "=")
		info, err := os.Stat(path)
		if err != nil {
			fatal(err)
		}
		providers = append(providers, &figures{name: name, path: path, size: info.Size()})
	}
	for range rounds {
		for _, p := range providers {
			once, err := start(p.path, identity)
			if err != nil {
				fatal(fmt.Errorf("%s: %w", p.name, err))
			}
			p.keepBest(once)
		}
	}
	return providers
}

func report(providers []*figures, how string) {
	floor := providers[0]
	for _, p := range providers {
		fmt.Printf("| %s%s | %.2f × (%.1f ms) | %.2f × (%.1f ms) | %.2f × (%.1f MiB) | %.2f × (%.1f MB) |\n", p.name, how,
			ratio(p.ready, floor.ready), 1000*p.ready.Seconds(), ratio(p.schema, floor.schema), 1000*p.schema.Seconds(),
			ratio(p.resident, floor.resident), float64(p.resident)/(1<<20), ratio(p.size, floor.size), float64(p.size)/1e6)
	}
}

func ratio[T time.Duration | int64](a, b T) float64 { return float64(a) / float64(b) }

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "start:", err)
	os.Exit(1)
}

func (f *figures) keepBest(once figures) {
	if f.schema == 0 {
		f.ready, f.schema, f.resident = once.ready, once.schema, once.resident
	}
	f.ready, f.schema, f.resident = min(f.ready, once.ready), min(f.schema, once.schema), min(f.resident, once.resident)
}

// identity is what the CLI proves itself by. It is made before the clock starts: making it is the CLI's
// time, not the provider's.
type identity struct {
	certificate tls.Certificate
	text        string // the certificate, which the provider gets at its start
}

func newIdentity() (*identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &identity{
		certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		text:        string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
	}, nil
}

// start starts a provider, asks for its schema, and ends it. Without an identity there is no TLS.
func start(path string, identity *identity) (figures, error) {
	cmd := exec.Command(path)
	var secure *tls.Config // go-plugin adds the provider's certificate
	if identity != nil {
		cmd.Env = append(cmd.Env, "PLUGIN_CLIENT_CERT="+identity.text)
		secure = &tls.Config{Certificates: []tls.Certificate{identity.certificate}, ServerName: "localhost", MinVersion: tls.VersionTLS12}
	}
	begun := time.Now()
	client := plugin.NewClient(&plugin.ClientConfig{
		// The value is public: it keeps people from starting a plugin by hand.
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{5: {}, 6: {}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Cmd:              cmd,
		TLSConfig:        secure,
		Logger:           hclog.NewNullLogger(),
	})
	defer client.Kill()
	if _, err := client.Start(); err != nil {
		return figures{}, err
	}
	f := figures{ready: time.Since(begun)}
	connected, err := client.Client()
	if err != nil {
		return f, err
	}
	connection, ok := connected.(*plugin.GRPCClient)
	if !ok {
		return f, fmt.Errorf("a client of type %T", connected)
	}
	method := "/tfplugin6.Provider/GetProviderSchema"
	if client.NegotiatedVersion() == 5 {
		method = "/tfplugin5.Provider/GetSchema"
	}
	var answer []byte
	if err := connection.Conn.Invoke(context.Background(), method, []byte(nil), &answer, grpc.ForceCodec(raw{})); err != nil {
		return f, err
	}
	f.schema = time.Since(begun)
	if len(answer) == 0 {
		return f, fmt.Errorf("the schema is empty")
	}
	err = f.read(cmd.Process.Pid)
	return f, err
}

// read takes the resident memory of a process from /proc.
func (f *figures) read(pid int) error {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) == 3 && fields[0] == "VmRSS:" {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return err
			}
			f.resident = kib << 10
		}
	}
	return nil
}

// raw passes messages on as bytes: what the schema says does not matter here.
type raw struct{}

// Marshal returns the bytes.
func (raw) Marshal(v any) ([]byte, error) {
	b, _ := v.([]byte)
	return b, nil
}

// Unmarshal keeps the bytes.
func (raw) Unmarshal(data []byte, v any) error {
	if b, ok := v.(*[]byte); ok {
		*b = append((*b)[:0], data...)
	}
	return nil
}

// Name is that of the codec which it stands in for.
func (raw) Name() string { return "proto" }
