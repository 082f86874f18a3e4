# By module type and task id.
terraform import ms_cwp_scan.fleet Vul/123
