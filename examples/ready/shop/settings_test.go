package main

import (
	"strings"
	"testing"
	"time"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if key, value, _ := strings.Cut(pair, "="); key == name {
				return value
			}
		}
		return ""
	}
}

func TestSettings(t *testing.T) {
	s, err := readSettings(environment(
		"SHOP_DATABASE_URL=postgres://shop@db:5432/shop?sslmode=verify-full",
		"SHOP_DRAIN_DELAY=2s", "SHOP_DATABASE_POOL=4", "SHOP_MIGRATE=true", "SHOP_FAULT=errors=0.5,warmup=3s"))
	if err != nil {
		t.Fatal(err)
	}
	if s.drainDelay != 2*time.Second || s.poolSize != 4 || !s.migrate || s.faults.errors != 0.5 || s.faults.warmup != 3*time.Second {
		t.Errorf("settings are not as given: %+v", s)
	}
	if s.addr != ":8080" || s.requestTimeout != 5*time.Second {
		t.Errorf("defaults are missing: %+v", s)
	}
}

func TestSettingsRefused(t *testing.T) {
	for _, c := range []struct{ name, env, want string }{
		{"no address", "", "SHOP_DATABASE_URL is empty"},
		{"not an address", "SHOP_DATABASE_URL=::", "not a postgres:// address"},
		{"password in the user part", "SHOP_DATABASE_URL=postgres://shop:hunter2@db/shop", "holds a password"},
		{"password as parameter", "SHOP_DATABASE_URL=postgres://db/shop?password=hunter2", "holds a password"},
		{"unknown store", "SHOP_STORE=mysql", `SHOP_STORE is "mysql"`},
		{"certificate without key", "SHOP_STORE=memory SHOP_TLS_CERT_FILE=tls.crt", "need each other"},
		{"authority without certificate", "SHOP_STORE=memory SHOP_TLS_CLIENT_CA_FILE=ca.crt", "needs SHOP_TLS_CERT_FILE"},
		{"no duration", "SHOP_STORE=memory SHOP_DRAIN_DELAY=5", "SHOP_DRAIN_DELAY"},
		{"no connections", "SHOP_STORE=memory SHOP_DATABASE_POOL=0", "SHOP_DATABASE_POOL"},
		{"no yes or no", "SHOP_STORE=memory SHOP_MIGRATE=perhaps", "SHOP_MIGRATE"},
		{"unknown fault", "SHOP_STORE=memory SHOP_FAULT=gremlins", "unknown fault"},
		{"share above one", "SHOP_STORE=memory SHOP_FAULT=errors=20", "no share"},
		{"two at once", "SHOP_STORE=mysql SHOP_MIGRATE=perhaps", "SHOP_STORE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readSettings(environment(strings.Fields(c.env)...))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one with %q", err, c.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the error repeats the password")
			}
		})
	}
}
