package emulator

// ScenarioFormat describes the JSON of a scenario, for the command's --help.
const ScenarioFormat = `A scenario (--scenario FILE) is a JSON object with the tasks of cwp and tcss. All keys but task_id and
module_type are optional; ids beyond 2^53 are kept exactly.

  {
    "cwp": {"tasks": [{
      "task_id": 1, "module_type": "Vul",      Malware, Vul or Baseline
      "type": 0, "stopping_all": false, "scan_content": ["…"],
      "machine_groups": [{"count": 230,        like machines, in order
        "prefix": "web-", "first_id": 1,       HostName, Uuid and Quuid begin with the prefix
        "status": "Ok", "fail_type": 0,        Ok or Fail; 3 offline, 4 timed out, 5 failed, 8 old agent
        "risk_num": 0, "os_name": "…", "description": "…"}],
      "machines": [{…}],                       further machines, in the API's own fields, nulls kept
      "vulnerabilities": [{…}],                VulInfo, in the API's own fields
      "patches": [{…}],                        PatchInfo, likewise
      "progress": [0, 40, 100],                per cent that each poll sees, the last for good; or
      "duration": "30s",                       from the first poll on; without either it is over
      "age": "1h",                             how long before the emulator's start it began
      "drift": [{"after_calls": 1,             once, after so many calls: so many machines
        "remove": 2, "insert": 1}],            leave the front of the list, and come there
      "answer": {"RiskEventCount": null}       fields of the answer that beat the computed ones
    }]},
    "tcss": {
      "local": [{"task_id": 1,                 in order of time: the last is the last scan
        "status": "SCANNED",                   at the end: NOT_SCAN, SCANNING, SCANNED or CANCELED
        "images": 12, "risk_images": 0, "vulnerabilities": 0, "ignored": 0,
        "progress": […], "duration": "…", "age": "…", "answer": {…}}],
      "registry": [{…}]                        likewise
    }
  }

A poll of cwp is a call with offset 0. Machines finish in the order of the list while the task moves
on. TotalCount counts what filters leave; Limit is 10 where none is given, and at most 100. A filter's
Name is a field of a machine; with ExactMatch its value is one of Values, else it contains one.
A tcss answer covers the tasks whose ids are given, or the last of each side if none is.
`

// DefaultScenario is what the server plays if it is given no other.
const DefaultScenario = `{
  "cwp": {"tasks": [
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
    {"task_id": 7, "module_type": "Vul", "progress": [0, 40, 100],
     "machine_groups": [{"count": 10, "prefix": "web-", "first_id": 1, "status": "Ok"}]},
    {"task_id": 9007199254740993, "module_type": "Malware", "type": 1,
     "machine_groups": [{"count": 2, "prefix": "web-", "first_id": 9007199254740993, "status": "Ok"}]}
  ]},
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
    ]
  }
}
`
