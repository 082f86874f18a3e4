terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

variable "packages" {
  description = "Packages to release together, by a name of your own: the path of the file, and a URL from which the service can download it."
  type = map(object({
    path = string
    url  = string
  }))
}

locals {
  # Names, paths and MD5s are no secrets, but for_each refuses a sensitive map, so
  # mark the URLs alone: sensitive(each.value.url).
  md5s = { for name, package in var.packages : name => filemd5(package.path) }
}

# A scan of its own for each package: a new build of one does not scan, and pay
# for, the others again.
resource "ms_scan_instance" "app" {
  for_each = var.packages

  app_infos = [
    {
      app_url = sensitive(each.value.url)
      app_md5 = local.md5s[each.key]
    },
  ]
}

data "ms_scan_results" "app" {
  for_each = var.packages

  item_id = ms_scan_instance.app[each.key].item_id

  gate {
    required_md5s = [local.md5s[each.key]]
  }
}

# Refers to the verdict of every package, so all of them must pass.
resource "terraform_data" "release" {
  input = { for name, result in data.ms_scan_results.app : name => {
    package_md5 = local.md5s[name]
    verdict     = result.verdict.outcome
  } }
}
