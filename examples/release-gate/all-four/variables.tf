variable "package" {
  description = "Path of the Android package to release."
  type        = string
}

variable "package_url" {
  description = "URL from which the service can download the same file, in practice a pre-signed one. A new signature is no new scan."
  type        = string
  sensitive   = true
}

variable "image" {
  description = "Image to release, with its digest, as in ccr.ccs.tencentyun.com/acme/api@sha256:…"
  type        = string
}

variable "quuids" {
  description = "Quuids of the hosts that the release goes to."
  type        = set(string)
}

variable "host_scan" {
  description = "A new value scans the same hosts again, as a week or a change number does."
  type        = string
  default     = "first"
}
