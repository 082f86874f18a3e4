package emulator

// ScenarioFormat describes the JSON of a scenario, for the command's --help.
const ScenarioFormat = scenarioFormatHead + hostFormat + imageFormat + scenarioFormatTail

const scenarioFormatHead = `A scenario (--scenario FILE) is a JSON object with the tasks, hosts and images of cwp and tcss. All keys
are optional, except those that name something: task_id, module_type, id, digest, repo_address, name of a
host. Unknown keys are errors; ids beyond 2^53 are kept exactly.

  {
`

const hostFormat = `    "cwp": {
      "tasks": [{                              in order of time: the last of a module is its last scan
        "task_id": 1, "module_type": "Vul",    Malware, Vul or Baseline
        "type": 0, "stopping_all": false, "scan_content": ["…"],
        "machine_groups": [{"count": 230,      like machines, in order
          "prefix": "web-", "first_id": 1,     HostName, Uuid and Quuid begin with the prefix
          "status": "Ok", "fail_type": 0,      Ok or Fail; 3 offline, 4 timed out, 5 failed, 8 old agent
          "risk_num": 0, "os_name": "…", "description": "…"}],
        "machines": [{…}],                     further machines, in the API's own fields, nulls kept
        "vulnerabilities": [{…}],              VulInfo, in the API's own fields
        "patches": [{…}],                      PatchInfo, likewise
        "progress": [0, 40, 100],              per cent that each poll sees, the last for good; or
        "duration": "30s",                     from the first poll on; without either it is over
        "age": "1h",                           how long before the emulator's start it began
        "drift": [{"after_calls": 1,           once, after this many calls: this many machines
          "remove": 2, "insert": 1}],          are removed from or added to the front
        "hosts": ["web-0001"],                 hosts below, or "*", with what is known of them
        "vul_ids": [1], "kb_numbers": ["…"],   what it was narrowed to
        "stopped": false, "strategy_id": 1,    of a baseline
        "answer": {"RiskEventCount": null}     fields of the answer that replace the computed ones
      }],
      "hosts": [{"name": "db-0001",            or "prefix": "web-", "count": 3: web-0001 to web-0003
        "quuid": "…", "uuid": "…", "ip": "…", "os_name": "…", "first_id": 1,
        "row": {"RiskNum": 7},                 fields that replace the computed ones among a task's machines
        "edition": "PRO_VERSION",              Flagship, GENERAL_DISCOUNT; BASIC_VERSION is not scanned
        "fail_type": 0}],                      3: it is offline, so that each scan of it fails
      "vulnerabilities": [{"vul_id": 1, "name": "…", "cve_id": "…", "category": 4, "kb_number": "…",
        "level": 4,                            1 low to 4 critical
        "status": 0, "hosts": ["db-0001",      0 open, 1 ignored, 3 fixed, 5 checking, 6 fixing, 8 not fixed
          {"host": "web-0001", "status": 3, "row": {…}}],  or "*"; row: fields that replace the computed ones
        "after_scan": false,                   known of a host only once a task has scanned it
        "count": 1,                            this many of them, with consecutive ids
        "host_count": 7,                       a HostCount that is not the number of hosts
        "description": "…", "cvss_score": 9.8, "row": {…}}],
      "malware": [{"path": "…", "virus_name": "…", "md5": "…", "process_exists": false, "file_exists": false,
        "status": 4, …}],                      level, hosts, after_scan, count and row as above
      "baseline": [{"item_id": 1, "item_name": "…", "policy_id": 1, "rule_id": 1, "rule_name": "…", …}],
      "next_task_id": 100,                     the id of the first task that a call starts; else above all
      "busy": "module",                        a running task refuses another of its module; none
      "offline": "fail",                       offline hosts fail in a task, or are not in it: leave_out
      "vul_info": "scanned",                   VulInfo of a task that a call started: what it was narrowed
                                               to, null if to nothing; or what it found: found
      "stop_duration": "5s"                    how long a task is being stopped
    },
`

const imageFormat = `    "tcss": {
      "local": [{"task_id": 1,                 in order of time: the last is the last scan
        "status": "SCANNED",                   at the end: NOT_SCAN, SCANNING, SCANNED or CANCELED
        "image_ids": ["sha256:…"],             images below, which it scans; or only counts:
        "images": 12, "risk_images": 0, "vulnerabilities": 0, "ignored": 0,
        "progress": […], "duration": "…", "age": "…", "answer": {…}}],
      "registry": [{…}],                       likewise
      "registry_images": [{"id": 101, "digest": "sha256:…",
        "repo_address": "registry.example.com/acme/api", "tag": "1.0", "registry_id": 1,
        "after_sync": false,                   listed only once its registry was synchronized
        "unauthorized": false, "running": false, "outdated": false,
        "status": "NOT_SCAN", "age": "1h",     NOT_SCAN, SCANNED or SCAN_ERR before any task here, so long ago
        "error": "ConnFailed",                 why that scan failed, and each one that a call starts
        "vulnerabilities": [{"cve_id": "…", "poc_id": "…", "name": "…", "component": "…", "version": "…",
          "severity": "critical",              critical, high, medium, low, or none
          "fixed_versions": "…", "description": "…", "solution": "…", "reference": "…", "tags": ["…"],
          "cvss_score": 9.8, "cvss_vector": "…", "row": {…}}],
        "generated": {"high": 40, "low": 2000},  further ones, this many of a severity
        "viruses": 0, "risks": 0, "row": {…}}],  row: fields that replace the computed ones, here and below
      "local_images": [{"id": "sha256:…", "name": "…", "cluster_id": "…",  and from unauthorized on as above
        }],
      "ignored": [{"cve_id": "…", "poc_id": "…", "name": "…", "all": true, "local_images": 0,
        "registry_images": 0, "row": {…},      what the service is set to ignore
        "hidden": true}],                      no list of an image has a row of it
      "quota": {"capacity": 300, "used": 0,    image scans; 10000 if not given, capacity 0 counts none
        "answer": {…}},                        fields of ImageScanInquireInfo
      "sync": {"duration": "20s", "polls": 2,  how long a synchronization of registries says doing
        "failures": {"7": "timeout"}},         registries that fail, with the error
      "started": {"not_scan_polls": 1,         tasks that calls start: this many answers say NOT_SCAN first,
        "unlisted_polls": 1,                   this many are about the task before it
        "status": "SCANNED", "answer": {…}},   and at the end, SCANNED, NOT_SCAN or CANCELED
      "next_task_id": 100,                     the id of the first task that a call starts; else above all
      "levels": "numbers",                     1 low to 4 critical; reversed; words (CRITICAL … LOW)
      "statuses": "samples",                   SCANNED, SCAN_ERR …; texts: FINISHED, scanned … (local images)
      "counters": "rows",                      an image's counters count rows, or distinct cves,
      "count_ignored": false,                  ignored ones among them
      "busy": "account",                       where a running task refuses another: side, image, none
      "unauthorized": "refuse",                such images; leave_out
      "unknown_filters": "refuse"              of image lists; ignore, nothing (matches nothing)
    },
`

const scenarioFormatTail = `    "shifts": [{"action": "DescribeAssetImageRegistryVulList", "after_calls": 1,
      "remove": 1, "insert": [{"CVEID": "…"}]}],  once, after this many calls: rows are removed from the
                                               front or added to it, as copies of the first one with these fields
    "answers": {"DescribeImageAuthorizedInfo": {"ImageScanInquireInfo": null}}
                                               fields that replace the computed ones in every answer
  }

A poll of cwp is a call with offset 0. Machines finish in the order of the list while the task moves
on. TotalCount counts what filters leave; Limit is 10 where none is given, and at most 100. A filter's
Name is a field of a machine; with ExactMatch its value is one of Values, else it contains one.
A tcss answer covers the tasks whose ids are given, or the last of each side if none is. A look at
images with offset 0 is a poll, too: of the side's last task.
Tasks that calls start take the scan duration, the polls and the holds of the server, and outlive a
change of the scenario. Images finish in order.
`
