package emulator

// DefaultScenario is what the server plays if it is given no other.
const DefaultScenario = `{
  "cwp": {"tasks": [
    {"task_id": 7, "module_type": "Vul", "progress": [0, 40, 100],
     "machine_groups": [{"count": 10, "prefix": "web-", "first_id": 1, "status": "Ok"}]},
    {"task_id": 1, "module_type": "Vul", "scan_content": ["emergency", "linux"],
     "machine_groups": [
       {"count": 227, "prefix": "web-", "first_id": 1, "status": "Ok"},
       {"count": 3, "prefix": "db-", "first_id": 1001, "status": "Ok", "risk_num": 1}],
     "vulnerabilities": [
       {"VulId": 100001, "Level": 4, "Name": "Remote code execution in a sample library", "CveId": "CVE-2021-44228",
        "VulCategory": 2, "Descript": "A sample.", "Fix": "Update it.", "Reference": "https://example.com/1",
        "CvssScore": 10.0, "Cvss": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "PublishTime": "2021-12-10 00:00:00"},
       {"VulId": 100002, "Level": 2, "Name": "Information leak in a sample daemon", "CveId": "CVE-2023-00002",
        "VulCategory": 4, "Descript": "A sample.", "Fix": "Update it.", "Reference": "https://example.com/2",
        "CvssScore": 5.3, "Cvss": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", "PublishTime": "2023-01-02 00:00:00"},
       {"VulId": 9007199254740993, "Level": 1, "Name": "A finding without a CVE", "CveId": "",
        "VulCategory": 1, "Descript": "A sample.", "Fix": "", "Reference": "",
        "CvssScore": 3.1, "Cvss": "", "PublishTime": "2024-01-02 00:00:00"}]},
    {"task_id": 2, "module_type": "Vul", "machine_groups": [{"count": 3, "prefix": "app-", "first_id": 1, "status": "Ok"}]},
    {"task_id": 3, "module_type": "Malware", "machine_groups": [{"count": 120, "prefix": "web-", "first_id": 1, "status": "Ok"}]},
    {"task_id": 4, "module_type": "Malware", "machine_groups": [
       {"count": 4, "prefix": "web-", "first_id": 1, "status": "Ok"},
       {"count": 1, "prefix": "old-", "first_id": 9007199254740993, "status": "Ok", "risk_num": 2}]},
    {"task_id": 5, "module_type": "Baseline", "machine_groups": [
       {"count": 8, "prefix": "web-", "first_id": 1, "status": "Ok"},
       {"count": 1, "prefix": "off-", "first_id": 101, "status": "Fail", "fail_type": 3, "description": "offline"},
       {"count": 1, "prefix": "old-", "first_id": 102, "status": "Fail", "fail_type": 8, "description": "agent too old"}]},
    {"task_id": 6, "module_type": "Baseline", "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 1, "status": "Ok"}]},
    {"task_id": 9007199254740993, "module_type": "Malware", "type": 1,
     "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 9007199254740993, "status": "Ok"}]},
    {"task_id": 8, "module_type": "Baseline", "strategy_id": 1, "hosts": ["app-0001", "app-0002", "app-0003", "db-0001"]}
  ],
  "next_task_id": 101,
  "hosts": [
    {"prefix": "app-", "count": 3},
    {"name": "db-0001", "edition": "Flagship"},
    {"name": "off-0001", "fail_type": 3},
    {"name": "free-0001", "edition": "BASIC_VERSION"}],
  "vulnerabilities": [
    {"vul_id": 100001, "name": "Remote code execution in a sample library", "cve_id": "CVE-2021-44228", "level": 4, "category": 2,
     "description": "A sample.", "cvss_score": 10.0, "hosts": ["db-0001"]},
    {"vul_id": 100002, "name": "Information leak in a sample daemon", "cve_id": "CVE-2023-00002", "level": 2,
     "description": "A sample.", "cvss_score": 5.3, "hosts": ["app-0001", {"host": "app-0002", "status": 3}]},
    {"vul_id": 100003, "name": "A finding that was ignored", "cve_id": "", "level": 3, "kb_number": "KB5000001", "category": 5,
     "hosts": [{"host": "app-0003", "status": 1}]}],
  "malware": [
    {"path": "/tmp/miner", "virus_name": "Linux.Miner.Sample", "level": 4, "md5": "0123456789abcdef0123456789abcdef",
     "process_exists": true, "file_exists": true, "hosts": ["db-0001"]},
    {"path": "/var/www/shell.php", "virus_name": "PHP.Webshell.Sample", "level": 3, "status": 6, "hosts": ["app-0001"]}],
  "baseline": [
    {"item_id": 501, "item_name": "Root may log in by password", "level": 3, "policy_id": 1, "rule_id": 11, "rule_name": "SSH", "hosts": ["db-0001"]},
    {"item_id": 502, "item_name": "Passwords are short", "level": 2, "status": 3, "policy_id": 1, "rule_id": 12, "rule_name": "Accounts",
     "hosts": ["app-0001", "app-0002", "app-0003", "db-0001"]}]
  },
  "tcss": {
    "local": [
      {"task_id": 4, "status": "NOT_SCAN"},
      {"task_id": 5, "status": "CANCELED", "images": 3, "progress": [30]},
      {"task_id": 3, "images": 6, "progress": [0, 50, 100]},
      {"task_id": 2, "images": 12, "risk_images": 2, "vulnerabilities": 7, "ignored": 1},
      {"task_id": 1, "images": 12}
    ],
    "registry": [
      {"task_id": 12, "images": 40, "risk_images": 1, "vulnerabilities": 3},
      {"task_id": 9007199254740993, "images": 1},
      {"task_id": 11, "images": 40}
    ],
    "next_task_id": 101,
    "registry_images": [
      {"id": 101, "digest": "sha256:1f4f2a15b0fbcd83bfb11848d9e6783aeab7f09889b8eb2a4de24aff543307cc",
       "repo_address": "registry.example.com/acme/api", "tag": "1.0.0", "registry_id": 1},
      {"id": 102, "digest": "sha256:f4fc6ea8c957b88979b2f3052933da0624d6e03961715af8fc4c3c25ccdb4fc5",
       "repo_address": "registry.example.com/acme/web", "tag": "1.0.0", "registry_id": 1,
       "vulnerabilities": [
         {"cve_id": "CVE-2021-44228", "poc_id": "pcmgr-100001", "name": "Remote code execution in a sample library",
          "severity": "critical", "component": "log4j-core", "version": "2.14.1", "fixed_versions": "2.17.1",
          "description": "A sample.", "solution": "Update it.", "reference": "https://example.com/1",
          "tags": ["CanBeFixed", "NETWORK"], "cvss_score": 10.0, "cvss_vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"},
         {"cve_id": "CVE-2023-00002", "poc_id": "pcmgr-100002", "name": "Information leak in a sample daemon",
          "severity": "medium", "component": "sampled", "version": "1.2.3",
          "description": "A sample.", "solution": "", "reference": "https://example.com/2",
          "tags": ["SYS"], "cvss_score": 5.3, "cvss_vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"}]},
      {"id": 103, "digest": "sha256:f70962455658ddb4e1d0fff9881c7f7133f3ccbac89eec97844025074f2e187e",
       "repo_address": "registry.example.com/acme/api", "tag": "1.1.0", "registry_id": 1, "after_sync": true},
      {"id": 104, "digest": "sha256:1a7fcc50f6ecec21801bfae7be0dc8f43145f39ab7c31ed44e9f6031ed211e1a",
       "repo_address": "registry.example.com/acme/tools", "tag": "1.0.0", "registry_id": 1, "unauthorized": true},
      {"id": 105, "digest": "sha256:0b6a27bcc3af2b0b2fe2b2b0a0f3f4e5a8f2f1e0f1a55fb4d1e4b7d5f2f9c3a1",
       "repo_address": "registry.example.com/acme/api", "tag": "2.0.0", "registry_id": 1, "error": "ConnFailed"}
    ],
    "local_images": [
      {"id": "sha256:737aed12b0a43f078cf478a6202f1e12995e7904b9cb9afbf829ab41529cba25", "name": "acme/batch:1.0.0",
       "vulnerabilities": [
         {"cve_id": "CVE-2022-00003", "poc_id": "pcmgr-100003", "name": "Slow parser in a sample tool", "severity": "low",
          "component": "sampletool", "version": "0.9", "fixed_versions": "1.0", "cvss_score": 3.1}]}
    ]
  }
}
`
