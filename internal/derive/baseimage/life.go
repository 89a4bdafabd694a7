package baseimage

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"time"

	"seaworthy.dev/seaworthy/internal/fact"
)

//go:embed ends.txt
var table string

// Line is one line of versions of a product: it ends on one day.
type Line struct {
	// Product as readers know it, Cycle the line of versions, Source where the
	// day is published.
	Product, Cycle, Source string
	Ends                   time.Time
}

// product is a block of the table.
type product struct {
	name, source string
	// names are the code names of cycles.
	names map[string]string
	// cycles map a line of versions to its last day.
	cycles map[string]time.Time
}

// products reads the table once: a cache of pure values.
var products = sync.OnceValue(func() map[string]*product {
	byImage := map[string]*product{}
	var p *product
	for text := range strings.Lines(table) {
		words := strings.Fields(text)
		switch {
		case len(words) == 0 || words[0] == "#" || strings.HasPrefix(words[0], "#"):
		case words[0] == "product":
			p = &product{name: strings.ReplaceAll(words[1], "-", " "), source: words[2], names: map[string]string{}, cycles: map[string]time.Time{}}
		case words[0] == "images":
			for _, image := range words[1:] {
				byImage[image] = p
			}
		case words[0] == "names":
			for _, pair := range words[1:] {
				cycle, name, _ := strings.Cut(pair, "=")
				p.names[name] = cycle
			}
		default:
			if day, err := time.Parse(time.DateOnly, words[1]); err == nil {
				p.cycles[words[0]] = day
			}
		}
	}
	return byImage
})

// Lines returns the lines of versions on which an image stands, as far as its
// tag tells and the table knows: its own product's, and that of the system
// below it. Known is false where the image is of no product in the table.
func Lines(i fact.Image) (lines []Line, known bool) {
	if i.Repository == "" {
		return nil, false
	}
	p := products()[i.Registry+"/"+i.Repository]
	if p == nil {
		return nil, false
	}
	words := strings.Split(i.Tag, "-")
	if cycle := p.cycle(words[0]); cycle != "" {
		lines = append(lines, p.line(cycle))
	}
	if i.Registry != "docker.io" {
		return lines, true
	}
	for _, word := range words {
		if below := system(word, p); below != nil {
			lines = append(lines, *below)
		}
	}
	return lines, true
}

func (p *product) line(cycle string) Line {
	return Line{Product: p.name, Cycle: cycle, Source: p.source, Ends: p.cycles[cycle]}
}

var version = regexp.MustCompile(`^v?([0-9]+(?:\.[0-9]+)*)(?:[_+].*)?$`)

// cycle returns the line of versions to which a version belongs: the longest
// that starts it.
func (p *product) cycle(word string) string {
	if cycle := p.names[word]; cycle != "" {
		if _, known := p.cycles[cycle]; known {
			return cycle
		}
		return ""
	}
	m := version.FindStringSubmatch(word)
	if m == nil {
		return ""
	}
	for text := m[1]; text != ""; {
		if _, known := p.cycles[text]; known {
			return text
		}
		at := strings.LastIndexByte(text, '.')
		if at < 0 {
			break
		}
		text = text[:at]
	}
	return ""
}

// system returns the line of the Debian, Ubuntu or Alpine that a word of a tag
// names, unless that is the image's own product.
func system(word string, own *product) *Line {
	if number, found := strings.CutPrefix(word, "alpine"); found && number != "" {
		alpine := products()["docker.io/library/alpine"]
		if cycle := alpine.cycle(number); cycle != "" && own != alpine {
			line := alpine.line(cycle)
			return &line
		}
	}
	for _, image := range []string{"docker.io/library/debian", "docker.io/library/ubuntu"} {
		p := products()[image]
		if cycle := p.names[word]; cycle != "" && own != p {
			line := p.line(cycle)
			return &line
		}
	}
	return nil
}

// Abandoned returns why an image as a whole is no longer kept, with the source;
// empty where it is, or where that is not known.
func Abandoned(i fact.Image) (why, source string) {
	switch i.Registry + "/" + i.Repository {
	case "docker.io/library/openjdk":
		return "deprecated in favour of eclipse-temurin and others", "https://hub.docker.com/_/openjdk"
	case "docker.io/library/centos":
		return "without updates since CentOS Linux ended", "https://www.centos.org/centos-linux-eol/"
	case "docker.io/library/java":
		return "deprecated since 2016", "https://hub.docker.com/_/java"
	}
	return "", ""
}
