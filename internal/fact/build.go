package fact

// ImageBuild is a recipe for an image, such as a Dockerfile.
type ImageBuild struct {
	Ref
	// Name is how readers know it: the path of its file.
	Name string
	// Stages in order. Each may continue an earlier one.
	Stages []BuildStage
	// Names are the images that are known to be built from it.
	Names []Image
	// Leaks lists secrets that come into the image or its history.
	Leaks []BuildLeak
	// Fetches lists what the build brings in from elsewhere unchecked.
	Fetches []Fetch
}

// BuildStage is one stage of a build. The last one is the image that runs,
// unless whoever builds it names another.
type BuildStage struct {
	Ref
	// Name as written after AS; empty where there is none.
	Name string
	// Base is the image that the stage starts from; its Raw is empty for a
	// stage that continues another one or starts from nothing.
	Base Image
	// Continues is the index of the earlier stage that it continues; -1 where
	// it continues none.
	Continues int
	// Scratch is true for a stage that starts from nothing.
	Scratch bool
	// Open names the build argument without a default that decides the base;
	// empty where it is known.
	Open   string
	Config ImageConfig
}

// ImageConfig is what an image says of the process that runs in it.
type ImageConfig struct {
	// User as written, with defaults of build arguments put in; empty where
	// the base decides. UserOpen names the argument without a default that
	// decides it.
	User, UserOpen string
	UserAt         Location
	// Entry is the command line of entry point and command.
	Entry Command
	// EntryHere is true where the build itself says what starts.
	EntryHere bool
	// Health is the image's own health check; NoHealth is true where it
	// switches off that of its base.
	Health     *Probe
	NoHealth   bool
	StopSignal string
	StopAt     Location
	Ports      []Port
}

// BuildLeak is a secret that a build leaves in the image or in its history.
type BuildLeak struct {
	// How is variable, argument, file or command.
	How string
	// Name of the variable, the argument or the file.
	Name string
	// Smell says in which way it looks like a secret; for an argument without
	// a value it is empty, and only the name speaks.
	Smell string
	// Stage is the index of the stage that holds it; -1 before the first.
	Stage int
	At    Location
}

// Fetch is something that a build brings in from elsewhere without a check of
// its content.
type Fetch struct {
	// How is add (a URL without a checksum) or pipe (a script of the network
	// that a shell runs).
	How, From string
	At        Location
}

// Final returns the stage that runs; nil where there is none.
func (b *ImageBuild) Final() *BuildStage {
	if len(b.Stages) == 0 {
		return nil
	}
	return &b.Stages[len(b.Stages)-1]
}

// Target returns the stage of that name, the final one for an empty name, or
// nil.
func (b *ImageBuild) Target(name string) *BuildStage {
	if name == "" {
		return b.Final()
	}
	for i := range b.Stages {
		if b.Stages[i].Name == name {
			return &b.Stages[i]
		}
	}
	return nil
}

// Root returns the stage at which a stage's chain starts: the one with a base
// of its own.
func (b *ImageBuild) Root(s *BuildStage) *BuildStage {
	for range b.Stages {
		if s.Continues < 0 || s.Continues >= len(b.Stages) {
			break
		}
		s = &b.Stages[s.Continues]
	}
	return s
}

// Within reports whether a stage is the final one, or one that it continues.
func (b *ImageBuild) Within(stage int) bool {
	at := len(b.Stages) - 1
	for range b.Stages {
		if at == stage {
			return true
		}
		if at < 0 {
			break
		}
		at = b.Stages[at].Continues
	}
	return false
}

// Users returns the workloads of the sets that run what is built.
func (b *ImageBuild) Users(all []*Set) []*Container {
	var out []*Container
	for _, s := range all {
		for _, w := range s.Workloads {
			for i := range w.Containers {
				if w.Containers[i].Build == b {
					out = append(out, &w.Containers[i])
				}
			}
		}
	}
	return out
}
