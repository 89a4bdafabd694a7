package repo

import (
	"path"
	"regexp"
	"strings"
)

// Tool is what deploys by files that are not read.
type Tool struct {
	// Name is the tool's own.
	Name string
	// Shows is the command that writes what the tool deploys in a form that is
	// read; empty where there is none.
	Shows string
	// Root is the folder that the tool works on.
	Root string
}

// Content that tells a tool's file from others of its name.
var (
	appEngine  = regexp.MustCompile(`(?m)^(?:runtime|env):\s`)
	kamal      = regexp.MustCompile(`(?m)^servers:\s*$`)
	herokuApp  = regexp.MustCompile(`"(?:formation|addons)"\s*:`)
	taskSchema = regexp.MustCompile(`"containerDefinitions"\s*:`)
	manifestIn = regexp.MustCompile(`(?m)^apiVersion:[^\n]*\n(?:.*\n)*?kind:|^kind:[^\n]*\n(?:.*\n)*?apiVersion:`)
)

// templated are endings of files that a generator fills in.
var templated = regexp.MustCompile(`\.(?:j2|jinja2?|erb|epp|tmpl|gotmpl)$`)

// ToolOf returns the tool that deploys by a file which is not read; content is
// what the file must hold besides, nil where its name says enough.
func ToolOf(rel string) (tool Tool, content *regexp.Regexp, found bool) {
	dir, name := path.Split(rel)
	lower := strings.ToLower(name)
	tool.Root = path.Clean(dir)
	tool.Name, tool.Shows = byName(lower)
	switch {
	case tool.Name != "":
	case lower == "main.yml" || lower == "main.yaml":
		roles, role, ok := strings.Cut("/"+dir, "/roles/")
		if !ok || !strings.HasSuffix(role, "/tasks/") || strings.Count(role, "/") != 2 {
			return tool, nil, false
		}
		tool.Name, tool.Root = "Ansible", path.Clean("."+roles)
	case lower == "manifest.yml" && strings.HasPrefix("/"+dir, "/copilot/"), lower == "manifest.yml" && strings.Contains(dir, "/copilot/"):
		tool.Name, tool.Shows = "AWS Copilot", "copilot svc package"
	case strings.HasSuffix(lower, ".nomad"), strings.HasSuffix(lower, ".nomad.hcl"):
		tool.Name = "Nomad"
	case strings.HasSuffix(lower, ".bicep"):
		tool.Name = "Bicep"
	case lower == "app.yaml" || lower == "app.yml":
		tool.Name, content = "App Engine", appEngine
	case lower == "app.json":
		tool.Name, content = "Heroku", herokuApp
	case lower == "deploy.yml" && strings.HasSuffix("/"+dir, "/config/"):
		tool.Name, content = "Kamal", kamal
	case strings.HasSuffix(lower, ".json") && (strings.Contains(lower, "task") || strings.Contains(lower, "ecs")):
		tool.Name, content = "task definitions of ECS", taskSchema
	case templated.MatchString(lower):
		bare := templated.ReplaceAllString(lower, "")
		switch path.Ext(bare) {
		case ".service":
			tool.Name = "templates of units"
		case ".yaml", ".yml":
			tool.Name, content = "templates of manifests", manifestIn
		default:
			return tool, nil, false
		}
	default:
		return tool, nil, false
	}
	return tool, content, true
}

// byName knows tools by the name of their one file.
func byName(name string) (tool, shows string) {
	switch name {
	case "fly.toml":
		return "Fly.io", ""
	case "render.yaml":
		return "Render", ""
	case "heroku.yml":
		return "Heroku", ""
	case "vercel.json":
		return "Vercel", ""
	case "wrangler.toml", "wrangler.jsonc":
		return "Cloudflare Workers", ""
	case "apprunner.yaml":
		return "App Runner", ""
	case "dockerrun.aws.json":
		return "Elastic Beanstalk", ""
	case "serverless.yml", "serverless.yaml", "serverless.ts":
		return "the Serverless Framework", "serverless package"
	case "pulumi.yaml", "pulumi.yml":
		return "Pulumi", ""
	case "cdk.json":
		return "AWS CDK", "cdk synth"
	case "cdktf.json":
		return "CDK for Terraform", "cdktf synth"
	case "cdk8s.yaml":
		return "cdk8s", "cdk8s synth"
	case "helmfile.yaml", "helmfile.yaml.gotmpl":
		return "Helmfile", "helmfile template"
	case "tkrc.yaml":
		return "Tanka", "tk export"
	case "ansible.cfg":
		return "Ansible", ""
	case "capfile":
		return "Capistrano", ""
	case "puppetfile":
		return "Puppet", ""
	case "berksfile":
		return "Chef", ""
	}
	return "", ""
}

// RunnerOf returns the host of pipelines that runs a file which is not read; empty
// for every other file. Hosts look for them at the root alone.
func RunnerOf(rel string) string {
	switch strings.ToLower(rel) {
	case ".travis.yml":
		return "Travis CI"
	case "bitbucket-pipelines.yml":
		return "Bitbucket Pipelines"
	case "cloudbuild.yaml", "cloudbuild.yml", "cloudbuild.json":
		return "Cloud Build"
	case "buildspec.yml", "buildspec.yaml":
		return "CodeBuild"
	case ".drone.yml":
		return "Drone"
	case ".woodpecker.yml", ".woodpecker.yaml":
		return "Woodpecker"
	case ".buildkite/pipeline.yml", ".buildkite/pipeline.yaml":
		return "Buildkite"
	case ".semaphore/semaphore.yml":
		return "Semaphore"
	case ".cirrus.yml":
		return "Cirrus CI"
	case "appveyor.yml", ".appveyor.yml":
		return "AppVeyor"
	case ".teamcity/settings.kts":
		return "TeamCity"
	}
	return ""
}
