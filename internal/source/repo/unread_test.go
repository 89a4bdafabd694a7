package repo

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestToolOf tells files by which something is deployed unread from others that
// are called alike.
func TestToolOf(t *testing.T) {
	for rel, want := range map[string]string{
		"fly.toml": "Fly.io", "apps/api/serverless.yml": "the Serverless Framework", "infra/Pulumi.yaml": "Pulumi", "cdk.json": "AWS CDK",
		"deploy/roles/app/tasks/main.yml": "Ansible", "roles/app/tasks/main.yaml": "Ansible", "jobs/web.nomad.hcl": "Nomad", "main.bicep": "Bicep",
		"deploy/web.service.j2": "templates of units", "k8s/web.yaml.j2": "templates of manifests", "copilot/api/manifest.yml": "AWS Copilot",
		"roles/app/vars/main.yml": "", "src/roles/main.yml": "", "web.conf.j2": "", "manifest.yml": "", "deploy.yml": "", "web.service": "", "tasks.md": "",
	} {
		if tool, _, _ := ToolOf(rel); tool.Name != want {
			t.Errorf("ToolOf(%q) = %q, want %q", rel, tool.Name, want)
		}
	}
}

// TestUnread tells by their content files whose names say too little.
func TestUnread(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"gae/app.yaml":             "runtime: go122\n",
		"kube/app.yaml":            "apiVersion: v1\nkind: Service\nmetadata: {name: app}\n",
		"expo/app.json":            `{"expo": {"name": "app"}}`,
		"heroku/app.json":          `{"formation": {"web": {"quantity": 2}}}`,
		"kamal/config/deploy.yml":  "service: web\nservers:\n  - 10.0.0.1\n",
		"rails/config/deploy.yml":  "stages: [one]\n",
		"ecs/task-definition.json": `{"family": "web", "containerDefinitions": []}`,
		"todo/tasks.json":          `{"version": "2.0.0", "tasks": []}`,
		"ansible/web.yaml.j2":      "apiVersion: v1\nkind: Service\nmetadata: {name: {{ name }}}\n",
		"ansible/my.yml.j2":        "key: {{ value }}\n",
		"flux/render.yaml":         "apiVersion: v1\nkind: Service\nmetadata: {name: render}\n",
	} {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Walk(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"ansible/web.yaml.j2", "ecs/task-definition.json", "gae/app.yaml", "heroku/app.json", "kamal/config/deploy.yml"}
	if got := tree.Files[Unread]; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
