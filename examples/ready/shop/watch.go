package main

import (
	"context"
	"crypto/sha256"
	"os"
	"time"
)

// lookEvery is how often files are read again. Reading beats file events here:
// Kubernetes replaces a mounted secret by moving a symbolic link two folders
// up, which watches on the file itself do not see.
const lookEvery = 2 * time.Second

// watchFiles calls changed at once and whenever the contents of the files
// differ from those it was last content with, until ctx ends. Where changed
// returns false it is called again at the next look.
func watchFiles(ctx context.Context, files []string, beat func(), changed func() bool) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var settled [sha256.Size]byte
	for {
		beat()
		if now := digest(files); now != settled && changed() {
			settled = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// digest returns a sum over the files' contents. A file that cannot be read
// counts as empty, so that its coming and going are changes too.
func digest(files []string) [sha256.Size]byte {
	all := sha256.New()
	for _, name := range files {
		content, _ := os.ReadFile(name)
		one := sha256.Sum256(content)
		all.Write(one[:])
	}
	return [sha256.Size]byte(all.Sum(nil))
}
