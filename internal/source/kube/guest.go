package kube

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/derive/secrecy"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Guests read what other technologies keep inside of objects: files in
// ConfigMaps and Secrets, and custom resources in forms of their own. Sources do
// not know each other, so whoever puts them together hands these in.
type Guests struct {
	// Objects reads custom resources, by "group/Kind". The kinds must be in this
	// package's table, which says what they yield.
	Objects map[string]func(Guest) (fact.Set, []fact.Problem)
	// Files reads the files of ConfigMaps and Secrets; each is asked whether it
	// wants a file, by its key and its text.
	Files []FileReader
}

// FileReader reads files of one kind.
type FileReader struct {
	// Named reports whether a file of that name may be of the kind.
	Named func(key string) bool
	// Read returns what it holds; nothing where it is of another kind.
	Read func(File) (fact.Set, []fact.Problem)
	// Yields are the kinds of facts that are missed where the file is encrypted.
	Yields []fact.Kind
	// Open is true for files that nobody keeps in a Secret.
	Open bool
}

// Guest is an object that another technology reads.
type Guest struct {
	Ref                   fact.Ref
	Kind, Namespace, Name string
	Labels, Annotations   map[string]string
	Node                  *decode.Node
	At                    func(*decode.Node) fact.Location
}

// File is a file that a ConfigMap or a Secret holds.
type File struct {
	// Ref is the object's, at the file's key.
	Ref                 fact.Ref
	Namespace, Name     string
	Labels, Annotations map[string]string
	Key                 string
	// Doc is its text, with the places that its lines have in the manifest.
	Doc decode.Document
	// Beside returns the object's other files whose keys match a pattern.
	Beside func(pattern string) []File
}

// maxGuestFile bounds a file that was packed: the API server takes no object
// above 1.5 MiB, and text packs ten to one.
const maxGuestFile = 16 << 20

// With returns a reader that hands what it finds to guests as well.
func (r Reader) With(g Guests) Reader {
	r.guests = g
	return r
}

// guest hands an object to whoever reads its kind.
func (r Reader) guest(o *object, into *Fragment) {
	read := r.guests.Objects[o.group()+"/"+o.header.Kind]
	if read == nil {
		return
	}
	into.host(read(Guest{
		Ref: o.ref(), Kind: o.header.Kind, Namespace: o.meta.Namespace, Name: o.meta.Name,
		Labels: o.meta.Labels, Annotations: o.meta.Annotations, Node: o.node, At: o.at,
	}))
}

// host keeps what a guest read.
func (f *Fragment) host(facts fact.Set, problems []fact.Problem) {
	f.Facts.Add(&facts)
	f.Problems = append(f.Problems, problems...)
}

// files hands the files of a ConfigMap or a Secret to whoever wants them.
func (r Reader) files(o *object, field string, encoded bool, into *Fragment) {
	for _, key := range decode.Keys(decode.Child(o.node, field)) {
		for _, reader := range r.guests.Files {
			if !reader.Named(key.Value) || reader.Open && o.header.Kind != "ConfigMap" {
				continue
			}
			if secrecy.Encrypted(decode.Text(decode.Dig(o.node, field, key.Value))) || sops(o) {
				into.hole(reader.Yields, o.at(key), key.Value+" of "+o.name()+" is encrypted")
				continue
			}
			f, ok := fileOf(o, field, key, encoded)
			if !ok {
				continue // no base64, which is said already
			}
			f.Beside = func(pattern string) []File { return beside(o, field, encoded, key.Value, pattern) }
			into.host(reader.Read(f))
		}
	}
}

// fileOf returns the file that stands under a key.
func fileOf(o *object, field string, key *decode.Node, encoded bool) (File, bool) {
	node := decode.Dig(o.node, field, key.Value)
	text := decode.Text(node)
	f := File{Ref: o.ref().At(o.at(key)), Namespace: o.meta.Namespace, Name: o.meta.Name, Labels: o.meta.Labels, Annotations: o.meta.Annotations, Key: key.Value}
	f.Doc = decode.Document{File: o.doc.File, Line: 1, Data: []byte(text)}
	if encoded && !secrecy.Placeholder(text) {
		data, ok := unpacked(key.Value, text)
		if !ok {
			return f, false
		}
		f.Doc.Data = data
	}
	f.Doc.Lines = linesOf(o, key, node, encoded)
	return f, true
}

// beside returns the other files of an object whose keys match a pattern; folders
// in the pattern are those of a mount.
func beside(o *object, field string, encoded bool, self, pattern string) (out []File) {
	pattern = path.Base(pattern)
	for _, key := range decode.Keys(decode.Child(o.node, field)) {
		if ok, err := path.Match(pattern, key.Value); err != nil || !ok || key.Value == self {
			continue
		}
		if f, ok := fileOf(o, field, key, encoded); ok {
			out = append(out, f)
		}
	}
	return out
}

// unpacked decodes base64, and gzip where the name says so.
func unpacked(key, text string) ([]byte, bool) {
	data, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\n", "", "\r", "", " ", "").Replace(text))
	if err != nil || !strings.HasSuffix(key, ".gz") {
		return data, err == nil
	}
	packed, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(packed, maxGuestFile))
	return out, err == nil
}

// linesOf returns where the lines of a file's text stand in the manifest: below
// the key for a literal block, at the key for everything else.
func linesOf(o *object, key, node *decode.Node, encoded bool) func(int) int {
	if !encoded && decode.IsLiteral(decode.Follow(node)) && node.Line > 0 {
		return func(line int) int { return o.doc.At(&decode.Node{Line: node.Line + line}).Line }
	}
	return func(int) int { return o.at(key).Line }
}
