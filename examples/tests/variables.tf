variable "package_url" {
  description = "URL from which the service can download the package."
  type        = string
  sensitive   = true
}

variable "package_md5" {
  description = "MD5 of the package to release."
  type        = string
}

variable "image" {
  description = "Image to release, with its digest."
  type        = string
}

variable "quuids" {
  description = "Quuids of the hosts that the release goes to."
  type        = set(string)
}

variable "enforcement" {
  description = "What happens to a run whose gate does not pass: mandatory is an error. Tests that expect it not to pass set none."
  type        = string
  default     = "mandatory"
}
