package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{}
	a.cert, a.key = sign(t, nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	})
	return a
}

func sign(t *testing.T, by *authority, c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.SerialNumber, _ = rand.Int(rand.Reader, big.NewInt(1<<62))
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Minute), time.Now().Add(time.Hour)
	parent, signer := c, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made, key
}

// server writes a new pair for 127.0.0.1 over the files and returns its serial.
func (a *authority) server(t *testing.T, certFile, keyFile string) string {
	c, key := sign(t, a, &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	write(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	return c.SerialNumber.String()
}

func (a *authority) client(t *testing.T, spiffe string) tls.Certificate {
	id, err := url.Parse(spiffe)
	if err != nil {
		t.Fatal(err)
	}
	c, key := sign(t, a, &x509.Certificate{URIs: []*url.URL{id}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return tls.Certificate{Certificate: [][]byte{c.Raw}, PrivateKey: key, Leaf: c}
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// greet returns the serial that the server shows, and whether it took ours.
func (a *authority) greet(address string, mine ...tls.Certificate) (serial string, err error) {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, Certificates: mine})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	serial = conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
	// With TLS 1.3 a refusal of our certificate comes after the handshake: only
	// an answer shows that it was taken.
	conn.SetDeadline(time.Now().Add(3 * time.Second))
	if _, err = conn.Write([]byte("GET /livez HTTP/1.1\r\nHost: shop\r\n\r\n")); err == nil {
		_, err = conn.Read(make([]byte, 1))
	}
	return serial, err
}

func TestCertificateIsReplacedWithoutARestart(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	first := a.server(t, cert, key)
	r := start(t, settings{tlsCert: cert, tlsKey: key})
	if got, err := a.greet(r.shop); got != first || err != nil {
		t.Fatalf("shows %s, %v; want %s", got, err, first)
	}
	write(t, key, []byte("half a key"))
	eventually(t, "a look at the broken pair", func() bool { return r.log.holds("keep the old certificate") })
	if got, err := a.greet(r.shop); got != first || err != nil {
		t.Errorf("with a broken pair on disk shows %s, %v; want the old one", got, err)
	}
	second := a.server(t, cert, key)
	eventually(t, "the new certificate", func() bool {
		got, err := a.greet(r.shop)
		return err == nil && got == second
	})
}

func TestClientsMustShowWhoTheyAre(t *testing.T) {
	a, stranger, dir := newAuthority(t), newAuthority(t), t.TempDir()
	cert, key, ca := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"), filepath.Join(dir, "ca.crt")
	a.server(t, cert, key)
	write(t, ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
	r := start(t, settings{tlsCert: cert, tlsKey: key, tlsClientCA: ca})
	if _, err := a.greet(r.shop, a.client(t, "spiffe://test/till")); err != nil {
		t.Errorf("a good certificate is refused: %v", err)
	}
	if _, err := a.greet(r.shop); err == nil {
		t.Error("no certificate is taken")
	}
	if _, err := a.greet(r.shop, stranger.client(t, "spiffe://test/till")); err == nil {
		t.Error("a certificate of another authority is taken")
	}
	if got := status(r.ops, "/livez"); got != 200 {
		t.Errorf("the platform's probe, which has no certificate, gets %d", got)
	}
}
