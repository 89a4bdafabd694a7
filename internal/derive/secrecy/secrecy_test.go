package secrecy

import "testing"

func TestOf(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"DB_PASSWORD", "hunter2", named},
		{"dbPassword", "changeme", named},
		{"client-secret", "s3cr3t", named},
		{"CLIENT_SECRET", "correct-horse-battery", named},
		{"JWT_SECRET", "shop-token", named},
		{"", "postgres://shop:hunter2@db/shop", "a password in a URL"},
		{"CACHE", "redis://:hunter2@cache:6379", "a password in a URL"},
		{"KEY", "-----BEGIN EC PRIVATE KEY-----\nabc", PrivateKey},
		{"AWS_ACCESS_KEY_ID", "AKIAABCDEFGHIJKLMNOP", "an AWS access key"},

		// Names that only speak of secrets.
		{"PASSWORD_MIN_LENGTH", "12", ""},
		{"TOKEN_FILE", "/run/secrets/token", ""},
		{"PWD", "/app", ""},
		{"TOKEN_URL", "https://example.com/token", ""},
		// Values that refer elsewhere, switch something or are filled in later.
		{"DB_PASSWORD", "$(DB_PASSWORD)", ""},
		{"DB_PASSWORD", "${DB_PASSWORD}", ""},
		{"DB_PASSWORD", "vault:secret/data/db#password", ""},
		{"DB_PASSWORD", "ENC[AES256_GCM,data:x]", ""},
		{"DB_PASSWORD", "<your password>", ""},
		{"API_KEY", "API_KEY_VALUE", ""},
		{"MYSQL_ALLOW_EMPTY_PASSWORD", "yes", ""},
		{"TLS_SECRET", "shop-tls", ""},
		{"ca-secret", "mesh-root", ""},
		{"DB", "postgres://$(USER):$(PASSWORD)@db/shop", ""},
		{"DB", "postgres://shop@db/shop", ""},
		{"DB", "postgres://shop:%s@db/shop", ""},
		{"URL", "http://example.com:8080/mail?to=a@example.com", ""},
		{"URL", "http://example.com:8080?to=a@example.com", ""},
		{"EMPTY_PASSWORD", "", ""},
	} {
		if got := Of(c.name, c.value); got != c.want {
			t.Errorf("Of(%q, %q) = %q; want %q", c.name, c.value, got, c.want)
		}
	}
}

func TestInFile(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"app.properties", "user=shop\ndb.password=hunter2\n", "a line that sets db.password"},
		{"app.yaml", "db:\n  password: \"hunter2\" # for now\n", "a line that sets password"},
		{"app.json", "{\n  \"apiKey\": \"abcdef\",\n}\n", "a line that sets apiKey"},
		{"redis.conf", "requirepass replace-default-auth\n", ""},
		{"redis.conf", "port 6379\nrequirepass hunter2\n", "a line that sets Redis' password"},
		{"app.ini", "[db]\nurl = mysql://shop:hunter2@db/shop\n", "a password in a URL"},

		{"app.ini", "[db]\n# url = mysql://user:password@db/shop\n", ""},
		{"app.yaml", "db:\n  existingSecret: shop-db\n  secretName: tls\n", ""},
		{"app.yaml", "db:\n  password: ${DB_PASSWORD}\n  passwordFile: /run/secrets/db\n", ""},
		{"schema.yaml", "properties:\n  password: string\n", ""},
		{"start.sh", "#!/bin/sh\nPASSWORD=$(cat /run/secrets/db)\nexport PASSWORD=x\n", ""},
		{"app.py", "import os\npassword = get()\n", ""},
		{"app.conf", "password = get()\nport = 1\n", ""},
	} {
		if got := InFile(c.name, c.text); got != c.want {
			t.Errorf("InFile(%q, %q) = %q; want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestPublic(t *testing.T) {
	for key, want := range map[string]bool{
		"username": true, "DB_HOST": true, "url": false, "DATABASE_URL": false, "tls.crt": true, "ca.crt": true, "client-id": true, "type": true,
		"password": false, "tls.key": false, "token": false, "api-key": false, "config.json": false, "secret-name": true,
	} {
		if Public(key) != want {
			t.Errorf("Public(%q) = %v", key, !want)
		}
	}
}
