package emulator

import "maps"

// cwpActions are those of cwp: document 003 and, by the API manual, the others.
var cwpActions = map[string]action{
	"ScanVul": {
		service: "cwp",
		inputs: chosenHosts(parameters{
			"VulLevels":     text().required("InvalidParameter.MissingParameter"),
			"VulCategories": text(),
			"VulEmergency":  integer(),
			"VulIds":        list(integer()),
			"ScanMethod":    integer(),
			"KBNumber":      list(text()),
		}),
		answer: (*Server).scanVul,
	},
	"CreateScanMalwareSetting": {
		service: "cwp",
		inputs: chosenHosts(parameters{
			"ScanPattern":        integer().required("MissingParameter"),
			"CustomPaths":        list(text()),
			"EngineType":         integer(),
			"EnableMemShellScan": integer(),
		}),
		answer: (*Server).createScanMalwareSetting,
	},
	"DescribeScanState": {
		service: "cwp",
		inputs:  parameters{"ModuleType": text().required("MissingParameter"), "Filters": filterList()},
		answer:  (*Server).describeScanState,
	},
	"DescribeScanTaskDetails": { // document 003
		service: "cwp",
		list:    true,
		inputs: parameters{
			"ModuleType": text().required("MissingParameter"),
			"TaskId":     integer().required("MissingParameter"),
			"Filters":    filterList(),
			"Limit":      integer(),
			"Offset":     integer(),
		},
		answer: (*Server).describeScanTaskDetails,
	},
	"DeleteScanTask": {
		service: "cwp",
		inputs: parameters{
			"TaskId":     integer().required("MissingParameter"),
			"ModuleType": text().required("MissingParameter"),
			"QuuidList":  list(text()),
		},
		answer: (*Server).deleteScanTask,
	},
	"DescribeVulList": {
		service: "cwp",
		list:    true,
		inputs:  paged(nil),
		answer:  (*Server).describeVulList,
	},
	"DescribeVulEffectHostList": {
		service: "cwp",
		list:    true,
		inputs: parameters{
			"Limit":   integer().required("MissingParameter"),
			"Offset":  integer().required("MissingParameter"),
			"VulId":   integer().required("MissingParameter"),
			"Filters": filterList(),
		},
		answer: (*Server).describeVulEffectHostList,
	},
	"DescribeMalWareList": {
		service: "cwp",
		list:    true,
		inputs:  paged(nil),
		answer:  (*Server).describeMalWareList,
	},
	"DescribeBaselineItemList": {
		service: "cwp",
		list:    true,
		inputs:  paged(nil),
		answer:  (*Server).describeBaselineItemList,
	},
}

// chosenHosts are the parameters of a scan that say which hosts, and how long.
func chosenHosts(more parameters) parameters {
	all := parameters{
		"HostType":      integer().required("InvalidParameter.MissingParameter"),
		"QuuidList":     list(text()),
		"TimeoutPeriod": integer(),
	}
	maps.Copy(all, more)
	return all
}
