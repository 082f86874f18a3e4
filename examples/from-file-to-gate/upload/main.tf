# The first of two root modules: puts the package into a bucket. It has a state
# of its own, so that the object can be removed again without touching the scan.

terraform {
  required_version = ">= 1.8"

  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

# Takes TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_REGION
# (the region of the bucket) from the environment.
provider "tencentcloud" {}

variable "package" {
  description = "Path of the Android package. Absolute where -chdir is used."
  type        = string
}

variable "bucket" {
  description = "Name of a private bucket, with the application ID: example-1250000000."
  type        = string
}

resource "tencentcloud_cos_bucket_object" "package" {
  bucket = var.bucket
  key    = "scan/${filemd5(var.package)}.apk" # as in ../release
  source = var.package
  acl    = "private"
}

output "object" {
  description = "Where the package is."
  value       = "${tencentcloud_cos_bucket_object.package.bucket}/${tencentcloud_cos_bucket_object.package.key}"
}
