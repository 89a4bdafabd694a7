package fact

import (
	"strings"
	"time"
)

// Document is a page for people, as far as it was read: its words, in the order
// of its sections, and what stands in it besides. It says nothing of what the
// page is for; internal/derive/page tells that from what it contains.
type Document struct {
	Ref
	// Path below the judged folder, Title as its first heading or its front matter
	// says; empty where neither does.
	Path, Title string
	// Format is markdown, restructuredtext or asciidoc.
	Format string
	// Front holds the single values of the front matter by their names in lower
	// case; lists are joined by ", ".
	Front map[string]string
	// Sections in their order. The first has no heading where text stands before
	// every heading.
	Sections []*Section
	// Broken is how many links lead nowhere.
	Broken int
	// Partly says why a part of the page was not read; empty where all of it was.
	Partly string
	// Changed is when git last recorded a change of the page, CodeChanged when of
	// anything beside the documentation. Both are zero where Ageless says why the
	// page's age is not known. Only pages whose age matters are asked about.
	Changed, CodeChanged time.Time
	Ageless              string
}

// Section is what stands between one heading and the next.
type Section struct {
	// Level of the heading, from 1; 0 for what stands before every heading.
	Level int
	// Heading without marks, Anchor as links name it.
	Heading, Anchor string
	Line            int
	// Texts are its paragraphs, items of lists and quotes, in their order, without
	// code blocks. Code within a line keeps its backticks.
	Texts    []Text
	Steps    []Instruction
	Links    []*Link
	Blocks   []*CodeBlock
	Tables   []*Table
	Diagrams []*Diagram
}

// Text is a paragraph, or an item of a list.
type Text struct {
	Line int
	Text string
	// Item is true for an item of a list, Number its number where the list counts.
	Item   bool
	Number int
}

// Instruction is an item of a numbered list, or a section that is called a step.
type Instruction struct {
	Line, Number int
	Text         string
	// List tells apart the numbered lists of a page, from 1.
	List int
	// Scripted is true where the step is a command or a block that can be run, or
	// links to a script of the tree.
	Scripted bool
	// Judged is true where the step asks a person to decide, compare or agree,
	// which no script does.
	Judged bool
}

// Leads says where a link leads.
type Leads string

// Where a link leads.
const (
	ToTree    Leads = "tree"    // to a file or folder of the tree, or to a section of the page
	ToOutside Leads = "outside" // to an address or out of what is judged: nobody asked
	ToNowhere Leads = "nowhere" // to something that is not there
)

// Link is a link or a picture.
type Link struct {
	Line int
	// Target as written, Text as shown.
	Target, Text string
	Image        bool
	Leads        Leads
	// File is where it leads, below the judged folder; empty for what is outside.
	// Anchor is the section there.
	File, Anchor string
	// Why ends "the link leads nowhere: ...".
	Why string
}

// CodeBlock is a block of code.
type CodeBlock struct {
	Line int
	// Language as written, in lower case; empty where none is.
	Language, Text string
	// Shell is true where a person would paste it into a shell.
	Shell bool
	// Parses is whether it can be read as what it claims to be; not known for
	// languages that are not looked into.
	Parses Truth
	// Programs are what a shell block runs, each once.
	Programs []string
	// Blanks are what the reader has to fill in, such as <pod>.
	Blanks []string
}

// Table is a table: a row of headings and rows of cells.
type Table struct {
	Line   int
	Header []string
	Rows   [][]string
}

// Diagram is a drawing.
type Diagram struct {
	Line int
	// Engine is mermaid, plantuml, structurizr, d2, drawio, ascii or image.
	Engine string
	// File is where it stands where that is not the page.
	File string
	// Known is true where its parts could be read; a picture's cannot.
	Known bool
	// Names are the parts that it names: identifiers and labels, as written.
	Names []string
	// Arrows is how many connections it draws.
	Arrows int
}

// Site is an address below which files of the tree can be read: that of the
// repository at its git host, or where its pages are published.
type Site struct {
	Ref
	// Host and Path of the address, without a slash at the end: "github.com" and
	// "/acme/shop".
	Host, Path string
	// Folder is what of the tree stands there, below the judged folder; "." for all.
	// Above is where the judged folder stands below the site's root; empty for the
	// root itself.
	Folder, Above string
	// Git is true for a git host, whose addresses name a revision.
	Git bool
}

// DocumentAt returns the page at a path below the judged folder; nil where none
// was read.
func (s *Set) DocumentAt(path string) *Document {
	for _, d := range s.Documents {
		if d.Path == path {
			return d
		}
	}
	return nil
}

// Section returns the section that an anchor names; nil where there is none. An
// empty anchor means the page's first section.
func (d *Document) Section(anchor string) *Section {
	for _, s := range d.Sections {
		if anchor == "" || strings.EqualFold(s.Anchor, anchor) {
			return s
		}
	}
	return nil
}

// Under returns a section together with those that its heading holds: all that
// follow it up to the next heading of its level or above.
func (d *Document) Under(s *Section) []*Section {
	for i := range d.Sections {
		if d.Sections[i] != s {
			continue
		}
		end := i + 1
		for end < len(d.Sections) && d.Sections[end].Level > s.Level && s.Level > 0 {
			end++
		}
		return d.Sections[i:end]
	}
	return nil
}

// AtLine returns the page's reference with the place of one of its lines.
func (d *Document) AtLine(line int) Ref {
	return d.Ref.At(Location{File: d.File, Line: line})
}

// Words returns all texts of a section in one, a line for each.
func (s *Section) Words() string {
	var b strings.Builder
	for _, t := range s.Texts {
		b.WriteString(t.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// DocLink is a page that the manifest names.
type DocLink struct {
	Ref
	// Target as written; File below the judged folder, empty for a URL or where
	// nothing is there; Folder is true where it is a folder.
	Target, File string
	Folder       bool
	// URL is true for an address, which is not asked; Resolves where a path is
	// there; Beyond where it leads out of what is judged.
	URL, Resolves, Beyond bool
}

// Docs are the pages that the manifest names, each nil where it names none.
type Docs struct {
	Architecture, Severities, Migrations *DocLink
	Runbooks                             []*DocLink
	// Dashboards are those of the service, Shared those of what it shares with
	// others.
	Dashboards, Shared []*DocLink
	// Purge is how an account's data is deleted everywhere, Deadline until when;
	// zero where the manifest does not say.
	Purge    *DocLink
	Deadline time.Duration
	// Sites are addresses at which pages of the tree are published.
	Sites []*Site
}
