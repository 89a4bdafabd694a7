// Package logs reads how shippers of logs are configured: what they read, what
// they leave out, and where it goes. It reads Fluent Bit, Fluentd, Vector, Alloy,
// Promtail, the OpenTelemetry Collector and Elastic's Beats, in files, in
// ConfigMaps and as objects of their operators.
package logs

import (
	"fmt"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/logs/conf"
)

// File is a text that may configure a shipper, with what holds it.
type File struct {
	Ref             fact.Ref
	Namespace, Name string
	// Settings names the ConfigMap or Secret that holds it; empty for a file.
	Settings string
	// Key is the file's name, within the object or the tree.
	Key string
	Doc decode.Document
	// Beside returns the other files of the object or folder whose names match a
	// pattern; nil where there are none.
	Beside func(pattern string) []File
}

// at returns the place of a line of the text.
func (f File) at(line int) fact.Location {
	return f.Doc.At(&decode.Node{Line: line})
}

// text returns what the file says, with the ends of lines as Unix has them.
func (f File) text() string { return strings.ReplaceAll(string(f.Doc.Data), "\r\n", "\n") }

// shipper starts a shipper that this file configures.
func (f File) shipper(engine string) *fact.Shipper {
	return &fact.Shipper{Ref: f.Ref, Namespace: f.Namespace, Name: f.Name, Engine: engine, Settings: f.Settings}
}

// title names the file for a reader.
func (f File) title() string {
	if f.Settings != "" {
		return f.Key + " of " + f.Name
	}
	return path.Base(f.Key)
}

// lost returns what is known of a file that could not be read: a problem, and a
// hole.
func (f File) lost(line int, format string, args ...any) (fact.Set, []fact.Problem) {
	at := f.at(line)
	hole := fact.Hole{Kinds: []fact.Kind{fact.Shippers, fact.LogStores, fact.AccessLogs}, Location: at, Why: f.title() + " could not be read"}
	return fact.Set{Coverage: fact.Coverage{Holes: []fact.Hole{hole}}}, []fact.Problem{{Location: at, Message: fmt.Sprintf(format, args...)}}
}

// failed is lost with what a parser says.
func (f File) failed(err *conf.Error) (fact.Set, []fact.Problem) {
	return f.lost(err.Line, "%s", err.Message)
}

// only returns a set of one shipper.
func only(s *fact.Shipper) (fact.Set, []fact.Problem) {
	return fact.Set{Shippers: []*fact.Shipper{s}}, nil
}

// maxStreams bounds the ways through one configuration.
const maxStreams = 2000

// add keeps a stream, as long as there are not too many.
func add(s *fact.Shipper, st fact.LogStream) {
	if len(s.Streams) < maxStreams {
		s.Streams = append(s.Streams, st)
		return
	}
	s.Unknown = fmt.Sprintf("it has more than %d ways from an input to an output", maxStreams)
}
