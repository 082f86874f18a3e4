# By the ItemId that the service gave the scan task.
terraform import ms_scan_instance.app shgugu-hiw72-334kd
