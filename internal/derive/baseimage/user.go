// Package baseimage tells what is published about images that others build on:
// as whom they run, and until when somebody mends them.
package baseimage

import (
	"slices"
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
)

// Default is the user as which an image runs when nothing says otherwise.
type Default int

// The defaults.
const (
	Untold Default = iota
	Root
	NonRoot
)

// rootImages are Docker's official images whose Dockerfiles name no USER, and
// so run as root (https://github.com/docker-library/official-images; Docker's
// documentation of USER: https://docs.docker.com/reference/dockerfile/#user).
// Those that start as root and step down by themselves, such as postgres, are
// not among them.
var rootImages = []string{
	"alpine", "almalinux", "amazoncorretto", "amazonlinux", "archlinux", "buildpack-deps", "busybox", "caddy", "centos", "clojure", "dart",
	"debian", "eclipse-temurin", "elixir", "erlang", "fedora", "gcc", "golang", "haskell", "httpd", "ibmjava", "julia", "maven",
	"mageia", "nginx", "node", "openjdk", "opensuse", "oraclelinux", "perl", "php", "photon", "pypy", "python", "r-base", "rockylinux", "ruby", "rust",
	"sapmachine", "swift", "tomcat", "traefik", "ubuntu",
}

// UserOf returns the user as which the image itself runs, as far as its
// publisher says so.
func UserOf(i fact.Image) Default {
	name := i.Registry + "/" + i.Repository
	official, isOfficial := strings.CutPrefix(name, "docker.io/library/")
	switch {
	case strings.HasPrefix(name, "gcr.io/distroless/"):
		// https://github.com/GoogleContainerTools/distroless: the tags nonroot
		// and debug-nonroot run as 65532, the others as root.
		if strings.Contains(i.Tag, "nonroot") {
			return NonRoot
		}
		if i.Tag == "" && i.Digest != "" {
			return Untold
		}
		return Root
	case strings.Contains(i.Tag, "nanoserver"), strings.Contains(i.Tag, "windowsservercore"):
		return Untold // Windows has no root: ContainerUser, ContainerAdministrator
	case isOfficial && slices.Contains(rootImages, official):
		return Root
	case name == "docker.io/nginxinc/nginx-unprivileged":
		return NonRoot
	case dotnet(name):
		// https://github.com/dotnet/dotnet-docker/blob/main/documentation/distroless.md:
		// chiseled and distroless images run as app; the Dockerfiles of the others
		// make that user, and name no USER.
		if strings.Contains(i.Tag, "chiseled") || strings.Contains(i.Tag, "distroless") {
			return NonRoot
		}
		if i.Tag != "" {
			return Root
		}
	}
	return Untold
}

// dotnet reports whether an image is one of .NET's that applications stand on;
// others in its folder, such as the monitor, run as they like.
func dotnet(name string) bool {
	rest, found := strings.CutPrefix(name, "mcr.microsoft.com/dotnet/")
	return found && slices.Contains([]string{"aspnet", "runtime", "runtime-deps", "sdk"}, strings.TrimPrefix(rest, "nightly/"))
}

// servers are those of the images above that start a server by themselves; what
// the others start by themselves is a shell or an interpreter.
var servers = []string{"caddy", "httpd", "nginx", "tomcat", "traefik"}

// Idle reports whether an image is known to serve nothing by itself: a system or
// the tools of a language.
func Idle(i fact.Image) bool {
	official, isOfficial := strings.CutPrefix(i.Registry+"/"+i.Repository, "docker.io/library/")
	return isOfficial && slices.Contains(rootImages, official) && !slices.Contains(servers, official)
}

// IsRoot reports whether a user as a Dockerfile or a compose file names it is
// root: by name or by number, whatever its group.
func IsRoot(user string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(user), ":")
	return name == "root" || name != "" && strings.Trim(name, "0") == ""
}

// Numeric reports whether a user is named by number, which alone a kubelet can
// tell from root.
func Numeric(user string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(user), ":")
	return name != "" && strings.Trim(name, "0123456789") == ""
}

// Unchecked reports whether an image is known to have no health check of its
// own: Docker's official images have none, for their maintainers say why they add
// none (https://github.com/docker-library/faq#healthcheck).
func Unchecked(i fact.Image) bool {
	return i.Registry == "docker.io" && strings.HasPrefix(i.Repository, "library/")
}
