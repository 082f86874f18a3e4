variable "package_url" {
  description = "URL from which the service can download the package."
  type        = string
  sensitive   = true
}

variable "package_md5" {
  description = "MD5 of the package to release."
  type        = string
}

variable "enforcement" {
  description = "What a gate that does not pass is to a run: mandatory is an error. Tests that expect it not to pass set none."
  type        = string
  default     = "mandatory"
}
