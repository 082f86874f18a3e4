variable "package" {
  description = "Path of the Android package to release."
  type        = string
}

variable "package_url" {
  description = "URL from which the service can download the same file, in practice a pre-signed one. A new signature is no new scan."
  type        = string
  sensitive   = true
}

variable "host_task_id" {
  description = "Id of the vulnerability scan of the hosts."
  type        = number
}

variable "local_image_task_id" {
  description = "Id of the scan of the local images."
  type        = number
}

variable "registry_image_task_id" {
  description = "Id of the scan of the registry images."
  type        = number
}
