package made

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestWrite: as many files as asked for, the same ones from the same seed.
func TestWrite(t *testing.T) {
	t.Parallel()
	sums := map[uint64][2][sha256.Size]byte{}
	for _, seed := range []uint64{1, 2} {
		var twice [2][sha256.Size]byte
		for i := range twice {
			root := t.TempDir()
			if _, err := Write(root, seed, Size{Terraform: 20, Workflows: 6, Manifests: 30, Dashboards: 4, Documents: 5}); err != nil {
				t.Fatal(err)
			}
			var files int
			files, twice[i] = sum(t, root)
			if files != 65 {
				t.Errorf("%d files, want 65", files)
			}
		}
		if twice[0] != twice[1] {
			t.Errorf("two runs with seed %d differ", seed)
		}
		sums[seed] = twice
	}
	if sums[1] == sums[2] {
		t.Error("the seed changes nothing")
	}
}

func sum(t *testing.T, root string) (files int, out [sha256.Size]byte) {
	h := sha256.New()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		h.Write([]byte(rel))
		h.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, [sha256.Size]byte(h.Sum(nil))
}
