package secrecy

// CloudKey returns what kind of key the clouds' own libraries and tools read
// from a variable of that name, if it is valid until somebody deletes it; else
// an empty string. Identifiers such as AWS_ACCESS_KEY_ID are no secret.
func CloudKey(name string) string {
	switch name {
	case "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY":
		return "an AWS access key"
	case "AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET":
		return "the password of an Azure application"
	case "AZURE_STORAGE_KEY", "AZURE_STORAGE_CONNECTION_STRING", "ARM_ACCESS_KEY":
		return "the key of an Azure storage account"
	case "GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS_JSON", "GOOGLE_CLOUD_KEYFILE_JSON":
		return "a Google service account key"
	case "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY":
		return "an Alibaba Cloud access key"
	case "DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN":
		return "a DigitalOcean token"
	case "HCLOUD_TOKEN":
		return "a Hetzner Cloud token"
	case "LINODE_TOKEN":
		return "a Linode token"
	case "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CF_API_TOKEN", "CF_API_KEY":
		return "a Cloudflare token"
	case "VAULT_TOKEN", "BAO_TOKEN":
		return "a Vault token"
	}
	return ""
}
