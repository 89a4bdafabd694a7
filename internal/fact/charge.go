package fact

// Charge is something in a cloud that is paid for by the hour or by what it
// keeps, beside what workloads ask for.
type Charge struct {
	Ref
	Name string
	// Provider is the cloud: aws, google, azurerm. Type is the resource's, as
	// the technology spells it.
	Provider, Type string
	// Kind is machine, database, cache, volume, cluster or network.
	Kind string
	// Class is the size as the cloud spells it: m7g.large, db.t4g.micro. Empty
	// where there is one price for all; ClassWhy says why it is not known.
	Class, ClassWhy string
	// Min and Max count the instances, standbys included; CountWhy says why they
	// are not known.
	Min, Max int
	CountWhy string
	// GiB that each instance keeps, on a medium of that name; 0 where it keeps
	// nothing that is paid for apart. GiBWhy says why it is not known.
	GiB    float64
	Medium string
	GiBWhy string
	// Capacity is true for machines on which other workloads run: what these ask
	// for is a share of it, and both are not to be added.
	Capacity bool
	// ByUse is true where only use is paid for, which no file tells.
	ByUse bool
	// Tags with those that the provider adds.
	Tags map[string]string
	// Region as known; RegionWhy says why not.
	Region, RegionWhy string
}
