variable "package" {
  description = "Path of the Android package to release."
  type        = string
}

variable "package_url" {
  description = "URL from which the service can download the same file, in practice a pre-signed one. A new signature is no new scan."
  type        = string
  sensitive   = true
}

variable "fail_on" {
  description = "Severity at and above which a finding stops the release."
  type        = string
  default     = "high"
}
