// Command bench times whole runs of seaworthy beside the floor: the same files
// parsed into nodes and nothing else. Both run in turn, so that a slow moment
// of the machine meets both. Then a repository that is made up, and the search
// for secrets.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"seaworthy.dev/seaworthy/test/bench/made"
)

func main() {
	corpus := flag.String("corpus", "", "folder of manifests")
	seaworthy := flag.String("seaworthy", "bin/seaworthy", "the program")
	floor := flag.String("floor", "bin/floor", "the floor")
	peer := flag.String("peer", "", "another checker's command line, for comparison; the folder is added")
	runs := flag.Int("runs", 7, "runs of each")
	flag.Parse()
	if err := run(*corpus, *seaworthy, *floor, *peer, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(corpus, seaworthy, floor, peer string, runs int) error {
	scratch, err := os.MkdirTemp("", "seaworthy-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := os.Setenv("XDG_CACHE_HOME", filepath.Join(scratch, "cache")); err != nil {
		return err
	}
	if corpus != "" {
		if err := againstFloor(scratch, corpus, seaworthy, floor, peer, runs); err != nil {
			return err
		}
	}
	folder := filepath.Join(scratch, "made")
	bytes, err := made.Write(folder, 1, made.Usual())
	if err != nil {
		return err
	}
	if err := repository(folder, made.Usual(), seaworthy, runs); err != nil {
		return err
	}
	watched := filepath.Join(scratch, "watched")
	if _, err := made.Write(watched, 1, made.Watched()); err != nil {
		return err
	}
	if err := repository(watched, made.Watched(), seaworthy, runs); err != nil {
		return err
	}
	if err := scanner("made repository", folder, bytes, seaworthy, runs); err != nil {
		return err
	}
	if corpus == "" {
		return nil
	}
	if bytes, err = weight(corpus); err != nil {
		return err
	}
	return scanner("whole corpus", corpus, bytes, seaworthy, runs)
}

// secrets is the row whose evidence is searched for in every byte: it is timed
// apart.
const secrets = "security/no-plaintext-secrets"

// The targets for the made repository, without the search for secrets.
const (
	maxCPU   = 4.0   // seconds
	maxAbove = 150.0 // MiB above a run that does nothing
)

// repository times a repository of services as they are written.
func repository(folder string, size made.Size, seaworthy string, runs int) error {
	check := []string{seaworthy, "check", folder, "--fail-on", "never", "--skip", secrets}
	results, err := inTurn([][]string{check, {seaworthy, "version"}}, runs)
	if err != nil {
		return err
	}
	fmt.Printf("made repository: %s, without the search for secrets\n", size)
	for i, name := range []string{"seaworthy check", "seaworthy version"} {
		fmt.Printf("  %-32s %8.3f %8.3f %10.1f\n", name, results[i].cpu, results[i].wall, results[i].peak)
	}
	above := results[0].peak - results[1].peak
	fmt.Printf("  %-32s %8.1f %19.1f %s\n", "target: CPU s, MiB above version", maxCPU, maxAbove, reached(results[0].cpu <= maxCPU && above <= maxAbove))
	fmt.Printf("  %-32s %8.3f %19.1f\n", "is", results[0].cpu, above)
	return nil
}

func reached(yes bool) string {
	if yes {
		return "       reached"
	}
	return "   NOT REACHED"
}

// scanner times the search for secrets: what a run takes more than one without
// it, when nothing is known and when all was searched before.
func scanner(name, folder string, bytes int, seaworthy string, runs int) error {
	check := []string{seaworthy, "check", folder, "--fail-on", "never"}
	results, err := inTurn([][]string{append(check, "--skip", secrets), append(check, "--no-cache"), check}, runs)
	if err != nil {
		return err
	}
	megabytes := float64(bytes) / 1e6
	fmt.Printf("search for secrets: %s, %.1f MB\n", name, megabytes)
	for i, kind := range []string{"cold", "cached"} {
		more := results[i+1].cpu - results[0].cpu
		fmt.Printf("  %-32s %8.3f %8.3f %10.1f %12.3f CPU s / MB\n", kind+", more than without", more, results[i+1].wall-results[0].wall, results[i+1].peak-results[0].peak, more/megabytes)
	}
	return nil
}

// weight sums the sizes of the files below a folder.
func weight(folder string) (bytes int, err error) {
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += int(info.Size())
		}
		return err
	})
	return bytes, err
}

// againstFloor times a corpus beside the least that must be done.
func againstFloor(scratch, corpus, seaworthy, floor, peer string, runs int) error {
	plain, single := filepath.Join(scratch, "plain"), filepath.Join(scratch, "single.yaml")
	if err := withoutDefinitions(corpus, plain); err != nil {
		return err
	}
	objects, err := oneFile(plain, single, 35)
	if err != nil {
		return err
	}
	check := func(path string) []string {
		return []string{seaworthy, "check", path, "--fail-on", "never", "--skip", secrets}
	}
	fmt.Printf("%s, %s, %d runs each in turn, medians\n\n", runtime.Version(), corpus, runs)
	fmt.Printf("%-34s %8s %8s %10s %12s\n", "", "CPU s", "wall s", "peak MiB", "CPU / floor")
	for _, set := range []struct{ name, path string }{{"whole corpus", corpus}, {"without CRD files", plain}} {
		commands := [][]string{{floor, set.path}, check(set.path), {seaworthy, "version"}}
		names := []string{"floor", "seaworthy check", "seaworthy version"}
		if peer != "" {
			commands, names = append(commands, append(strings.Fields(peer), set.path)), append(names, strings.Fields(peer)[0])
		}
		results, err := inTurn(commands, runs)
		if err != nil {
			return err
		}
		fmt.Printf("%s\n", set.name)
		for i, r := range results {
			ratio := ""
			if i != 2 {
				ratio = fmt.Sprintf("%.2f", r.cpu/results[0].cpu)
			}
			fmt.Printf("  %-32s %8.3f %8.3f %10.1f %12s\n", names[i], r.cpu, r.wall, r.peak, ratio)
		}
		fmt.Printf("  %-32s %29.1f\n", "check above version, MiB", results[1].peak-results[2].peak)
	}
	results, err := inTurn([][]string{check(single)}, max(runs, 15))
	if err != nil {
		return err
	}
	fmt.Printf("one file of %d objects\n  %-32s %8.3f %8.3f %10.1f\n", objects, "seaworthy check", results[0].cpu, results[0].wall, results[0].peak)
	return nil
}

type result struct{ cpu, wall, peak float64 }

// inTurn runs the commands A B C A B C ... and returns the median of each
// figure. The first round warms the caches and does not count.
func inTurn(commands [][]string, runs int) ([]result, error) {
	all := make([][]result, len(commands))
	for round := range runs + 1 {
		for i, c := range commands {
			r, err := once(c)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				all[i] = append(all[i], r)
			}
		}
	}
	out := make([]result, len(commands))
	for i, list := range all {
		out[i] = result{
			cpu:  median(list, func(r result) float64 { return r.cpu }),
			wall: median(list, func(r result) float64 { return r.wall }),
			peak: median(list, func(r result) float64 { return r.peak }),
		}
	}
	return out, nil
}

func once(command []string) (result, error) {
	cmd := exec.Command(command[0], command[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	started := time.Now()
	err := cmd.Run()
	wall := time.Since(started)
	if cmd.ProcessState == nil {
		return result{}, fmt.Errorf("%s: %w", command[0], err)
	}
	if err != nil && said.Len() > 0 && cmd.ProcessState.ExitCode() == 1 {
		return result{}, fmt.Errorf("%s: %w: %s", command[0], err, said.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return result{cpu: cpu.Seconds(), wall: wall.Seconds(), peak: float64(usage.Maxrss) / 1024}, nil
}

func median(list []result, pick func(result) float64) float64 {
	values := make([]float64, len(list))
	for i, r := range list {
		values[i] = pick(r)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// withoutDefinitions copies the folder but for files that define resources.
func withoutDefinitions(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || bytes.Contains(data, []byte("kind: CustomResourceDefinition")) {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
}

// oneFile gathers the first objects of small files into one.
func oneFile(from, to string, objects int) (int, error) {
	var out bytes.Buffer
	n := 0
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || n >= objects || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) > 4096 || bytes.Count(data, []byte("\nkind:")) != 1 {
			return err
		}
		n++
		fmt.Fprintf(&out, "---\n%s\n", bytes.TrimPrefix(data, []byte("---\n")))
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, os.WriteFile(to, out.Bytes(), 0o644)
}
