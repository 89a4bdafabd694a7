package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// gatekeeper speaks just enough of PostgreSQL's protocol to let in whoever
// knows the password, and to count who did not.
type gatekeeper struct {
	address  string
	password atomic.Value // string
	refused  atomic.Int64
}

func newGatekeeper(t *testing.T, password string) *gatekeeper {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	g := &gatekeeper{address: l.Addr().String()}
	g.password.Store(password)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go g.greet(conn)
		}
	}()
	return g
}

func (g *gatekeeper) greet(conn net.Conn) {
	defer conn.Close()
	b := pgproto3.NewBackend(conn, conn)
	if _, err := b.ReceiveStartupMessage(); err != nil {
		return
	}
	b.Send(&pgproto3.AuthenticationCleartextPassword{})
	b.SetAuthType(pgproto3.AuthTypeCleartextPassword)
	if b.Flush() != nil {
		return
	}
	message, err := b.Receive()
	if err != nil {
		return
	}
	if said, ok := message.(*pgproto3.PasswordMessage); !ok || said.Password != g.password.Load() {
		g.refused.Add(1)
		b.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "28P01", Message: "password authentication failed"})
		b.Flush()
		return
	}
	b.Send(&pgproto3.AuthenticationOk{})
	b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if b.Flush() == nil {
		b.Receive() // until the client leaves
	}
}

// The file changes before the database does, as it happens with a secret that
// is synced on its own schedule: meanwhile the old password stays in use.
func TestPasswordIsAdoptedOnceTheDatabaseTakesIt(t *testing.T) {
	g := newGatekeeper(t, "old")
	file := filepath.Join(t.TempDir(), "password")
	write(t, file, []byte("old\n")) // editors end files with a new line
	d := &dialer{address: "postgres://shop@" + g.address + "/shop?sslmode=disable", passwordFile: file}

	var adopted atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.follow(ctx, quiet, func() {}, func() { adopted.Add(1) })
	}()
	defer func() { cancel(); <-done }()
	eventually(t, "the first password", func() bool { return d.proven.Load() != nil })

	write(t, file, []byte("new"))
	eventually(t, "a try that is refused", func() bool { return g.refused.Load() > 0 })
	if got := d.proven.Load().Password; got != "old" || adopted.Load() != 0 {
		t.Errorf("uses %q before the database knows it", got)
	}
	g.password.Store("new")
	eventually(t, "the new password", func() bool { return adopted.Load() == 1 && d.proven.Load().Password == "new" })
}

func TestEachConnectionReadsThePassword(t *testing.T) {
	g := newGatekeeper(t, "today")
	file := filepath.Join(t.TempDir(), "password")
	d := &dialer{address: "postgres://shop@" + g.address + "/shop?sslmode=disable", passwordFile: file}
	if _, err := d.read(); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("without a file: %v", err)
	}
	write(t, file, []byte("today"))
	pool, err := d.pool(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		t.Fatalf("the pool does not get in: %v", err)
	}
	if got := conn.Conn().Config().RuntimeParams["statement_timeout"]; got == "" {
		t.Error("connections have no statement timeout")
	}
	conn.Release()
}

func TestDialerWatchesWhatTheAddressNames(t *testing.T) {
	d := &dialer{address: "postgres://db/shop?sslmode=verify-full&sslcert=/a&sslkey=/b&sslrootcert=/c", passwordFile: "/p"}
	if got := d.files(); len(got) != 4 {
		t.Errorf("watches %v, want password, certificate, key and authority", got)
	}
	if got := (&dialer{address: "postgres://db/shop"}).files(); len(got) != 0 {
		t.Errorf("watches %v, want nothing", got)
	}
}
