package google

import (
	"strings"

	"seaworthy.dev/seaworthy/internal/fact"
	"seaworthy.dev/seaworthy/internal/source/terraform/model"
	"seaworthy.dev/seaworthy/internal/source/terraform/reading"
)

// secretName names what something takes from Secret Manager, as findings show
// it.
func (r *reader) secretName(from model.Value) string {
	for _, res := range r.Referred(from, "secret_id", "google_secret_manager_secret", "google_secret_manager_secret_version") {
		return res.Base
	}
	if t := reading.Text(from); t != "" {
		return t[strings.LastIndexByte(t, '/')+1:]
	}
	for _, ref := range from.AllRefs() {
		return ref
	}
	return "a secret (" + reading.Why(from) + ")"
}

// feed notes that Cloud Run brings a secret from Secret Manager. What is mounted
// as its latest version is read anew whenever it is opened; a version that is
// named stays.
// https://cloud.google.com/run/docs/configuring/services/secrets
func (r *reader) feed(w *fact.Workload, name string, version model.Value, at fact.Location) {
	for _, f := range r.Into.SecretFeeds {
		if f.Name == name && f.Engine == "cloud-run" {
			return
		}
	}
	f := &fact.SecretFeed{
		Ref: w.Ref.At(at).Within("secret " + name), Name: name, Engine: "cloud-run", Provider: "Secret Manager",
		Targets: []string{name}, Reads: []string{name}, Refresh: -1, RefreshAt: at, At: at,
	}
	if t := reading.Text(version); t != "" && t != "latest" {
		f.Refresh, f.RefreshAt = 0, version.At
	}
	r.Into.SecretFeeds = append(r.Into.SecretFeeds, f)
}

// secrets reads keys of service accounts, which stay valid until somebody
// deletes them.
func (r *reader) secrets() {
	for _, k := range r.Of(kinds(fact.Secrets), "google_service_account_key", "google_storage_hmac_key") {
		v := k.Body.Get("service_account_id")
		if k.Type == "google_storage_hmac_key" {
			v = k.Body.Get("service_account_email")
		}
		kind, holder := "a service account key", strings.Join(r.holder(v), "")
		if k.Type == "google_storage_hmac_key" {
			kind = "an HMAC key"
		}
		r.Into.Credentials = append(r.Into.Credentials, &fact.Credential{Ref: k.Ref(), Kind: kind, Holder: holder})
	}
}
