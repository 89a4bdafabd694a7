package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// serverTLS serves a certificate from files and takes a new one without a
// restart. Connections that stand keep what they agreed on.
type serverTLS struct {
	cert, key, clientCA string
	current             atomic.Pointer[tls.Config]
	expires             atomic.Int64 // Unix seconds, for the metric
}

// newServerTLS fails where the files cannot be used: a shop that cannot show
// who it is should not start.
func newServerTLS(cert, key, clientCA string) (*serverTLS, error) {
	t := &serverTLS{cert: cert, key: key, clientCA: clientCA}
	if err := t.load(); err != nil {
		return nil, err
	}
	return t, nil
}

// config returns what a listener needs; each handshake gets the newest.
func (t *serverTLS) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return t.current.Load(), nil
		},
	}
}

// load reads the files. On an error everything stays as it was.
func (t *serverTLS) load() error {
	pair, err := tls.LoadX509KeyPair(t.cert, t.key)
	if err != nil {
		return fmt.Errorf("read server certificate: %w", err)
	}
	c := &tls.Config{
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"h2", "http/1.1"},
		Certificates: []tls.Certificate{pair},
	}
	if t.clientCA != "" {
		pem, err := os.ReadFile(t.clientCA)
		if err != nil {
			return fmt.Errorf("read client authority: %w", err)
		}
		c.ClientCAs, c.ClientAuth = x509.NewCertPool(), tls.RequireAndVerifyClientCert
		if !c.ClientCAs.AppendCertsFromPEM(pem) {
			return errors.New("read client authority: no certificate in " + t.clientCA)
		}
	}
	t.current.Store(c)
	t.expires.Store(pair.Leaf.NotAfter.Unix())
	return nil
}

// follow loads what changes on disk until ctx ends. A pair that does not fit,
// as in the moment between two writes, is tried again at the next look.
func (t *serverTLS) follow(ctx context.Context, log *slog.Logger, beat func()) {
	var complaint string
	watchFiles(ctx, []string{t.cert, t.key, t.clientCA}, beat, func() bool {
		if err := t.load(); err != nil {
			if err.Error() != complaint {
				complaint = err.Error()
				log.Error("keep the old certificate", "error", complaint)
			}
			return false
		}
		complaint = ""
		log.Info("serve certificate",
			"serial", t.current.Load().Certificates[0].Leaf.SerialNumber.Text(16),
			"expires", time.Unix(t.expires.Load(), 0).UTC())
		return true
	})
}
