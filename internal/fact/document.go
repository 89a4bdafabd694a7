package fact

// Document is a page for people.
type Document struct {
	Ref
	// Path below the judged folder, Title as its first heading says.
	Path, Title string
}
