package leaks

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// rulesVersion changes with the built-in rules, and with its last number when
// other texts than before count as searched in vain.
const rulesVersion = builtinDigest + "-1"

// cache remembers which texts were searched in vain: nothing of what was found,
// so that there is no secret in it and nothing that one could be guessed from.
// It is a file for each tree, of sums that runs only ever append to: several at
// once do no harm, and what is broken in it is never asked for. A nil cache
// remembers nothing.
type cache struct {
	file  string
	known map[sum]struct{}
	rules [sha256.Size]byte

	lock  sync.Mutex
	fresh bytes.Buffer
}

// sum stands for a text under its path and the rules that it was searched with.
type sum [16]byte

const (
	maxCache  = 16 << 20 // bytes of a file: a million texts
	maxTrees  = 256      // files in the folder
	staleTree = 60 * 24 * time.Hour
)

// openCache reads what is known of a tree; nil without a folder.
func openCache(folder, top string, configuration []byte) *cache {
	if folder == "" {
		return nil
	}
	if abs, err := filepath.Abs(top); err == nil {
		top = abs
	}
	id := sha256.Sum256([]byte(top))
	c := &cache{
		file:  filepath.Join(folder, "leaks", rulesVersion, hex.EncodeToString(id[:12])),
		known: map[sum]struct{}{},
		rules: sha256.Sum256(append([]byte(rulesVersion), configuration...)),
	}
	file, err := os.Open(c.file)
	if err != nil {
		return c
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxCache))
	if err != nil {
		return c
	}
	for ; len(data) >= len(sum{}); data = data[len(sum{}):] {
		c.known[sum(data[:len(sum{})])] = struct{}{}
	}
	return c
}

func (c *cache) key(name string, data []byte) (k sum) {
	if c == nil {
		return k
	}
	h := sha256.New()
	h.Write(c.rules[:])
	h.Write([]byte(name))
	h.Write([]byte{0})
	h.Write(data)
	copy(k[:], h.Sum(nil))
	return k
}

// clean reports whether the text was searched before, in vain.
func (c *cache) clean(k sum) bool {
	if c == nil {
		return false
	}
	_, known := c.known[k]
	return known
}

// add remembers that the text was searched in vain.
func (c *cache) add(k sum) {
	if c == nil {
		return
	}
	c.lock.Lock()
	c.fresh.Write(k[:])
	c.lock.Unlock()
}

// close writes what is new. A folder that cannot be written costs time, not
// truth, so nobody is told.
func (c *cache) close() {
	if c == nil || c.fresh.Len() == 0 || os.MkdirAll(filepath.Dir(c.file), 0o700) != nil {
		return
	}
	info, err := os.Stat(c.file)
	switch {
	case err != nil:
		c.prune()
	case info.Size()%int64(len(sum{})) != 0 || info.Size()+int64(c.fresh.Len()) > maxCache:
		// Torn by a crash, or grown too large: begin anew.
		_ = os.Remove(c.file)
	}
	file, err := os.OpenFile(c.file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	_, _ = file.Write(c.fresh.Bytes())
	_ = file.Close()
}

// prune drops the files of trees that were not searched for long, and the
// oldest where there are many.
func (c *cache) prune() {
	folder := filepath.Dir(c.file)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	type file struct {
		name string
		when time.Time
	}
	var files []file
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, file{filepath.Join(folder, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return b.when.Compare(a.when) })
	for i, f := range files {
		if i >= maxTrees || time.Since(f.when) > staleTree {
			_ = os.Remove(f.name)
		}
	}
}
