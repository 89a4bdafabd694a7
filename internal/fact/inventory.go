package fact

// Inventory says which categories of personal data lie in one store or field.
type Inventory struct {
	Ref
	// Store as named, Field empty where the whole store is meant.
	Store, Field string
	// Categories in the words of fideslang.
	Categories []string
}
