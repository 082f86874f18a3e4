variable "package" {
  description = "Path of the Android package."
  type        = string
}

variable "package_url" {
  description = "URL from which the service can download the same file, in practice a pre-signed one. A new signature is no new scan."
  type        = string
  sensitive   = true
}

variable "fail_on" {
  description = "Severity at and above which a finding fails."
  type        = string
  default     = "high"
}
