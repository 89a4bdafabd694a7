package fact

// Dashboard is a page of panels.
type Dashboard struct {
	Ref
	// UID and Title as written.
	UID, Title string
}
