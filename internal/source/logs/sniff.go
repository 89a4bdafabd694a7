package logs

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/logs/conf"
)

// Named reports whether a file of that name may configure a shipper. What it holds
// decides.
func Named(key string) bool {
	name := strings.ToLower(path.Base(key))
	switch path.Ext(name) {
	case ".conf", ".yaml", ".yml", ".toml", ".alloy", ".river", ".json":
		return true
	}
	return name == "relay" || name == "mesh" || name == "config" || name == "fluentd" || name == "config.hcl"
}

// Read reads a file, where it configures a shipper; nothing where it does not.
func Read(f File) (fact.Set, []fact.Problem) {
	if len(f.Doc.Data) > conf.MaxFile {
		return fact.Set{}, nil
	}
	data := f.Doc.Data
	switch ext := strings.ToLower(path.Ext(f.Key)); ext {
	case ".conf":
		if section(data, "input") || section(data, "service") && bytes.Contains(bytes.ToUpper(data), []byte("@INCLUDE")) {
			return FluentBit(f)
		}
		if f.Settings != "" && server.Match(data) {
			return Nginx(f)
		}
	case ".alloy", ".river":
		return Alloy(f)
	case ".toml":
	default:
		switch {
		case hasKey(data, "pipeline") && bytes.Contains(data, []byte("inputs:")):
			return f.yaml(FluentBitYAML)
		case hasKey(data, "scrape_configs") && (hasKey(data, "clients") || hasKey(data, "client")):
			return f.yaml(Promtail)
		case hasKey(data, "receivers") && hasKey(data, "service") && hasKey(data, "exporters"):
			return f.yaml(Collector)
		case isMesh(f.Key, data):
			return f.yaml(MeshConfig)
		case isLoki(data):
			return f.yaml(Loki)
		case hasKey(data, "overrides") && bytes.Contains(data, []byte("retention_period")):
			return f.yaml(Overrides)
		}
	}
	return fact.Set{}, nil
}

// Sniff reports whether a document that is no object may configure a shipper.
func Sniff(data []byte) bool {
	return hasKey(data, "pipeline") && bytes.Contains(data, []byte("inputs:")) || hasKey(data, "scrape_configs") && (hasKey(data, "clients") || hasKey(data, "client")) ||
		hasKey(data, "receivers") && hasKey(data, "service") && hasKey(data, "exporters") ||
		isMesh("", data) || isLoki(data) || hasKey(data, "overrides") && bytes.Contains(data, []byte("retention_period"))
}

// server finds a server among nginx' directives.
var server = regexp.MustCompile(`(?m)^[ \t]*server[ \t]*\{`)

// isMesh reports whether a text is the mesh's settings of Istio: in its ConfigMap,
// or among the values of its chart.
func isMesh(key string, data []byte) bool {
	return key == "mesh" && bytes.Contains(data, []byte("accessLog")) || hasKey(data, "meshConfig") && bytes.Contains(data, []byte("accessLog"))
}

// isLoki reports whether a text is a configuration of Loki.
func isLoki(data []byte) bool {
	return hasKey(data, "schema_config") && (hasKey(data, "limits_config") || hasKey(data, "ingester") || hasKey(data, "common") || hasKey(data, "storage_config"))
}

// yaml hands a file's document to a reader.
func (f File) yaml(read func(File, *decode.Node) (fact.Set, []fact.Problem)) (fact.Set, []fact.Problem) {
	root, problem := f.Doc.Parse()
	if problem != nil {
		set, problems := f.lost(0, "%s", problem.Message)
		problems[0].Location = problem.Location
		return set, problems
	}
	return read(f, root)
}

// section reports whether a line of the text starts a section of that name.
func section(data []byte, name string) bool {
	lower := bytes.ToLower(data)
	return bytes.Contains(lower, []byte("["+name+"]"))
}

// hasKey reports whether a line of the text is that key in the first column.
func hasKey(data []byte, key string) bool {
	for _, form := range []string{key + ":", `"` + key + `":`} {
		if bytes.HasPrefix(data, []byte(form)) || bytes.Contains(data, []byte("\n"+form)) {
			return true
		}
	}
	return false
}
