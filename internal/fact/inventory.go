package fact

// Inventory says which data lie in one store, field by field, as people described
// it in a file that is for nothing else.
type Inventory struct {
	Ref
	// Store is the key by which the file names it, Title its name for people;
	// empty where there is none.
	Store, Title string
	// Categories of all of it, each once, in the words of fideslang.
	Categories []string
	// Fields lists those of its fields to which categories are written, in the
	// order of the file.
	Fields []DataField
	// Transfers lists the countries outside to which its data goes, as the file
	// writes them.
	Transfers []Place
}

// DataField is a field of a store, or a part of it that has categories as a whole.
type DataField struct {
	// Name with the names of what holds it: "customers.address.street"; empty for
	// the store as a whole.
	Name       string
	Categories []string
	At         Location
}
