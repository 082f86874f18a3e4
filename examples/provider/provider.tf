terraform {
  required_providers {
    ms = {
      source = "tencentscan/ms"
    }
  }
}

# Credentials come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "ms" {
  region = "ap-guangzhou"

  # Pins who judges: no variable of the environment can name another endpoint.
  domain = "tencentcloudapi.com"
}
