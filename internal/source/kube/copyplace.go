package kube

import (
	"net/url"
	"strings"

	"seaworthy.dev/seaworthy/internal/decode"
	"seaworthy.dev/seaworthy/internal/fact"
)

// barmanPlace reads where Barman keeps copies: an object store of CloudNativePG's
// plugin, or the part of a cluster of the same form.
func (o *object) barmanPlace(n *decode.Node) []fact.CopyPlace {
	path := decode.Text(decode.Child(n, "destinationPath"))
	if path == "" {
		return nil
	}
	p := o.place(n, path, decode.Text(decode.Child(n, "endpointURL")), "")
	p.At = o.key(n, "destinationPath")
	data, wal := decode.Text(decode.Dig(n, "data", "encryption")), decode.Text(decode.Dig(n, "wal", "encryption"))
	if data != "" && (wal != "" || decode.IsNull(decode.Child(n, "wal"))) {
		p.Key = data
	}
	return []fact.CopyPlace{p}
}

// place makes a place of what is written of a bucket.
func (o *object) place(n *decode.Node, bucket, endpoint, region string) fact.CopyPlace {
	p := fact.CopyPlace{Kind: "s3", Name: bucket, Region: region, At: o.at(n)}
	if scheme, rest, found := strings.Cut(bucket, "://"); found {
		p.Name, _, _ = strings.Cut(rest, "/")
		switch host, _, _ := strings.Cut(rest, "/"); {
		case scheme == "gs":
			p.Kind = "gcs"
		case strings.Contains(host, ".blob.core."), scheme == "azure":
			p.Kind = "azure"
		case scheme == "file":
			p.Kind = "filesystem"
		}
	}
	if endpoint != "" {
		if !strings.Contains(endpoint, "://") {
			endpoint = "//" + endpoint
		}
		if u, err := url.Parse(endpoint); err == nil {
			p.Endpoint, p.Plain = u.Hostname(), u.Scheme == "http"
		}
	}
	return p
}

// repoPlaces reads the repositories of pgBackRest.
func (o *object) repoPlaces(repos *decode.Node) (out []fact.CopyPlace) {
	for _, repo := range decode.Items(repos) {
		if s3 := decode.Child(repo, "s3"); decode.IsMapping(s3) {
			out = append(out, o.place(s3, decode.Text(decode.Child(s3, "bucket")), decode.Text(decode.Child(s3, "endpoint")), decode.Text(decode.Child(s3, "region"))))
		}
		for _, kind := range []struct{ field, key, name string }{{"gcs", "bucket", "gcs"}, {"azure", "container", "azure"}} {
			if n := decode.Child(repo, kind.field); decode.IsMapping(n) {
				p := o.place(n, decode.Text(decode.Child(n, kind.key)), "", "")
				p.Kind = kind.name
				out = append(out, p)
			}
		}
	}
	return out
}

// storagePlaces reads the storages of Percona's operators, by their names.
func (o *object) storagePlaces(storages *decode.Node) (out []fact.CopyPlace) {
	for _, key := range decode.Keys(storages) {
		n := decode.Child(storages, key.Value)
		switch decode.Text(decode.Child(n, "type")) {
		case "s3":
			s := decode.Child(n, "s3")
			out = append(out, o.place(s, decode.Text(decode.Child(s, "bucket")), decode.Text(decode.Child(s, "endpointUrl")), decode.Text(decode.Child(s, "region"))))
		case "gcs", "azure":
			kind := decode.Text(decode.Child(n, "type"))
			s := decode.Child(n, kind)
			p := o.place(s, decode.Text(decode.Child(s, "bucket"))+decode.Text(decode.Child(s, "container")), "", "")
			p.Kind = kind
			out = append(out, p)
		}
	}
	return out
}

// veleroLocation reads where Velero keeps copies.
func (r Reader) veleroLocation(o *object, into *Fragment) {
	spec := decode.Child(o.node, "spec")
	config := decode.Child(spec, "config")
	b := o.backup("object-store")
	b.At = o.at(spec)
	p := o.place(spec, decode.Text(decode.Dig(spec, "objectStorage", "bucket")), decode.Text(decode.Child(config, "s3Url")), decode.Text(decode.Child(config, "region")))
	switch provider := decode.Text(decode.Child(spec, "provider")); {
	case strings.HasSuffix(provider, "gcp"):
		p.Kind = "gcs"
	case strings.HasSuffix(provider, "azure"):
		p.Kind = "azure"
	}
	p.Key = decode.Text(decode.Child(config, "serverSideEncryption"))
	if k := decode.Text(decode.Child(config, "kmsKeyId")); k != "" {
		p.Key = "aws:kms"
	}
	b.Places = []fact.CopyPlace{p}
	into.add(b)
}
