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

  # Pins the endpoint: no environment variable can name another one.
  domain = "tencentcloudapi.com"
}
