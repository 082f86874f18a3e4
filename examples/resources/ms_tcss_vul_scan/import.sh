# By the side and the number of the task, as the console and
# ms_tcss_vul_scan_info have it.
terraform import ms_tcss_vul_scan.api registry/18
