// Package emulator plays Tencent Cloud's ms, cwp and tcss on a loopback address, for tests and the
// demo. It is not in the shipped binary, and it shares no code with the provider's client, so that no
// mistake of the one is hidden by the same mistake of the other.
//
// [New] starts a server; [Server.URL], [Server.SecretID], [Server.SecretKey] and [Server.Region] are
// what a client needs. The command cmd/ms-emulator does the same for other processes.
//
// # What it does
//
// Every call is checked as the service does: TC3-HMAC-SHA256 (POST with JSON, GET with a flattened
// query), the clock, versions, regions, the rate limit, unknown, mistyped and missing parameters. The
// answer is HTTP 200 with a Response object and a RequestId, or with an Error in it.
//
// CreateScanInstances and DescribeApkDetectionResult scan for real: the package is downloaded (from
// loopback only, within bounds), its size and MD5 are compared, and the findings are derived from its
// bytes alone, for the scan types that were asked for. One scan is taken from the quota for each
// accepted app. Results stay in processing for [WithScanDuration], [WithScanPolls] and
// [Server.HoldScans].
//
// The actions of cwp and tcss play a scenario, a JSON document with a built-in default
// ([DefaultScenario]) whose format is [ScenarioFormat]. It has tasks, hosts, images and their findings:
//
//	{"cwp":  {"tasks": [{"task_id": 1, "module_type": "Vul", "progress": [0, 40, 100],
//	                     "machine_groups": [{"count": 230, "prefix": "web-", "first_id": 1}]}],
//	          "hosts": [{"name": "db-1"}, {"prefix": "web-", "count": 3}],
//	          "vulnerabilities": [{"vul_id": 1, "level": 4, "name": "…", "hosts": ["db-1"]}]},
//	 "tcss": {"local": [{"task_id": 1, "images": 12, "vulnerabilities": 0, "duration": "30s"}],
//	          "registry_images": [{"id": 101, "digest": "sha256:…", "repo_address": "registry.example.com/acme/api",
//	                               "vulnerabilities": [{"cve_id": "…", "severity": "critical"}]}]}}
//
// CreateVulScanTask, ScanVul and CreateScanMalwareSetting start tasks on these images and hosts, which take
// the same duration, polls and holds as scans of packages. They check authorisation, quota, licences and
// whether a task is running as the services would; the lists of images, hosts and findings tell what
// came of them.
//
// AssumeRole, AssumeRoleWithWebIdentity and GetCallerIdentity of sts, and the metadata service of a
// Cloud Virtual Machine below /latest/, give out and know temporary keys of roles ([WithRole]), which
// calls are then signed with until they end.
//
// [WithPackages] serves package files below /packages/, so that a scan needs no other server.
//
// # What tests do to it
//
// [Server.Ledger] is the log of calls and submissions. [Server.OnAnswer] rewrites answers,
// [Server.Fault] breaks calls, [Server.Block] and [Server.BlockAnswer] hold them, [Server.Forget] makes
// items vanish, [Server.Advance] moves the clock.
//
// # What it decides where the documents are silent
//
//   - A submission beyond the quota is refused as a whole (LimitExceeded), one of more than 20 apps by
//     InvalidParameterValue, and so is one that names an MD5 twice.
//   - Scans, quota and rate limit belong to an account; another account's ItemId does not exist.
//   - The rate limit counts calls within whole seconds; refused calls do not count.
//   - A detection that failed for its link is tried again when another link is given.
//   - A task of cwp or tcss that does not exist is ResourceNotFound.
//   - Tasks, hosts, images and the quota of image scans are those of every account.
//   - A task of images that names one which is unknown is ResourceNotFound, not authorised
//     ResourceUnavailable, beyond the quota FailedOperation; while another runs it is ResourceInUse. A task
//     of hosts while another of its module runs is OperationDenied. Nothing is done then.
//   - A scan for vulnerabilities takes one of the quota for each image, whether it ends or is stopped.
//   - A status and a level are matched exactly by filters, texts in part, unless ExactMatch says otherwise.
//   - A task of hosts tells in VulInfo what it was narrowed to, not what it found (api-scans.md, 1.5).
//   - The Date of an answer is by the clock that tasks are timed by.
//   - Without [WithRole] every well-formed role exists and trusts everybody.
package emulator
