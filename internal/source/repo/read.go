package repo

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// Read returns a file's documents that may hold objects. Documents of JSON
// files that cannot are left out, for most JSON is something else. The problem
// is nil if the file could be read; the hole is nil if nothing was lost. The
// documents stand in the buffer, which holds all of the file that was read, and which
// the next call with it overwrites.
func (t *Tree) Read(f File, buffer *bytes.Buffer) (docs []decode.Document, problem *fact.Problem, hole *fact.Hole) {
	shown := t.Show(f.Path)
	isJSON := strings.EqualFold(path.Ext(f.Path), ".json")
	buffer.Reset()
	file, err := os.Open(t.Join(f.Path))
	if err != nil {
		problem, hole = lost(shown, "cannot be read: %v", plain(err))
		return nil, problem, hole
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil && info.Size() > decode.MaxFile {
		if isJSON && !mentionsObjects(file) {
			return nil, nil, nil
		}
		problem, hole = lost(shown, "has %d MB; files above %d MB are not read: split it, or keep data out of the manifests", info.Size()>>20, decode.MaxFile>>20)
		return nil, problem, hole
	}
	if err == nil {
		buffer.Grow(int(info.Size()) + bytes.MinRead)
		_, err = buffer.ReadFrom(io.LimitReader(file, decode.MaxFile))
	}
	if err != nil {
		problem, hole = lost(shown, "cannot be read: %v", plain(err))
		return nil, problem, hole
	}
	data := buffer.Bytes()
	if isJSON {
		if !decode.MayHoldObject(data) {
			return nil, nil, nil
		}
		return []decode.Document{{File: shown, Line: 1, Data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}}, nil, nil
	}
	return decode.Split(shown, data), nil, nil
}

func lost(shown, format string, args ...any) (*fact.Problem, *fact.Hole) {
	at := fact.Location{File: shown}
	message := fmt.Sprintf(format, args...)
	return &fact.Problem{Location: at, Message: message}, &fact.Hole{Location: at, Why: path.Base(shown) + " " + message}
}

// mentionsObjects looks through a large file in portions for the words that
// every object holds. A file that cannot be read to its end may hold them.
func mentionsObjects(file io.Reader) bool {
	var api, kind bool
	first := true
	buffer := make([]byte, 1<<20)
	keep := 0 // the end of the last portion, in case a word is cut in two
	for {
		n, err := file.Read(buffer[keep:])
		text := buffer[:keep+n]
		if head := text[:min(len(text), 1024)]; first && bytes.Contains(head, []byte(`"format_version"`)) && bytes.Contains(head, []byte(`"terraform_version"`)) {
			return false // a plan of Terraform, which is read elsewhere
		}
		first = false
		api = api || bytes.Contains(text, []byte("apiVersion"))
		kind = kind || bytes.Contains(text, []byte("kind"))
		if err == io.EOF || api && kind {
			return api && kind
		}
		if err != nil {
			return true
		}
		keep = copy(buffer, text[max(0, len(text)-16):])
	}
}

// Content returns a file's bytes, at most as many as given and one more, so
// that whoever asks can tell that it is larger.
func (t *Tree) Content(rel string, most int) ([]byte, error) {
	file, err := os.Open(t.Join(rel))
	if err != nil {
		return nil, plain(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	if err != nil {
		return nil, plain(err)
	}
	return data, nil
}
