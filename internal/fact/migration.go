package fact

// MigrationSet is the migrations of one store, in their order.
type MigrationSet struct {
	Ref
	// Engine is goose, golang-migrate, flyway, ...
	Engine string
	// Folder in which they stand.
	Folder string
}
