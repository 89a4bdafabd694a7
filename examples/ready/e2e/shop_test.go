//go:build e2e

// Package e2e runs the shop's own program beside a real PostgreSQL, and buys
// something over HTTP as a customer does.
package e2e

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// start builds and starts the shop and returns its address; the test fails if it
// does not end cleanly.
func start(t *testing.T) string {
	t.Helper()
	database := os.Getenv("SHOP_TEST_DATABASE_URL")
	if database == "" {
		t.Skip("SHOP_TEST_DATABASE_URL names no PostgreSQL to test against")
	}
	program := filepath.Join(t.TempDir(), "shop")
	if out, err := exec.Command("go", "build", "-o", program, "../shop").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	addr, ops := free(t), free(t)
	shop := exec.Command(program)
	shop.Env = append(os.Environ(), "SHOP_ADDR="+addr, "SHOP_OPS_ADDR="+ops, "SHOP_DATABASE_URL="+database, "SHOP_MIGRATE=true", "SHOP_DRAIN_DELAY=0s")
	shop.Stderr = os.Stderr
	if err := shop.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = shop.Process.Signal(syscall.SIGTERM)
		if err := shop.Wait(); err != nil {
			t.Errorf("the shop does not end cleanly: %v", err)
		}
	})
	for range 100 {
		if r, err := http.Get("http://" + ops + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return "http://" + addr
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the shop is not ready after ten seconds")
	return ""
}

func free(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func ask(t *testing.T, method, url, body, key string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Idempotency-Key", key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	var out map[string]any
	_ = json.Unmarshal(text, &out)
	return answer.StatusCode, out
}

// TestCustomerBuysARope: goods are shown, an order is placed once however often it
// is sent, and is there when it is asked for.
func TestCustomerBuysARope(t *testing.T) {
	shop := start(t)
	if status, _ := ask(t, "GET", shop+"/products", "", ""); status != http.StatusOK {
		t.Fatalf("the goods are answered with %d", status)
	}
	body := `{"lines":[{"product":"rope","quantity":2}]}`
	status, first := ask(t, "POST", shop+"/orders", body, "my-first")
	if status/100 != 2 || first["id"] == nil {
		t.Fatalf("the order is answered with %d %v", status, first)
	}
	if _, again := ask(t, "POST", shop+"/orders", body, "my-first"); again["id"] != first["id"] {
		t.Errorf("sent again it is another order: %v and %v", first["id"], again["id"])
	}
	if status, read := ask(t, "GET", shop+"/orders/"+first["id"].(string), "", ""); status != http.StatusOK || read["id"] != first["id"] {
		t.Errorf("the order is read back as %d %v", status, read)
	}
}
