package emulator

import "maps"

// paged are the parameters of a list of tcss with filters and an order.
func paged(more parameters) parameters {
	all := parameters{
		"Filters": filterList(), "Limit": integer(), "Offset": integer(), "By": text(), "Order": text(),
	}
	maps.Copy(all, more)
	return all
}

// filterList are the filters of the services' lists, which are of one form under four names.
func filterList() parameter {
	return list(object(parameters{
		"Name":       text().required("MissingParameter"),
		"Values":     list(text()).required("MissingParameter"),
		"ExactMatch": boolean(),
	}))
}

// tcssActions are those of tcss: document 004 and, by the API manual, the others.
var tcssActions = map[string]action{
	"CreateVulScanTask": {
		service: "tcss",
		inputs: parameters{
			"LocalImageScanType":            text(),
			"LocalImageIDs":                 list(text()),
			"RegistryImageScanType":         text(),
			"RegistryImageIDs":              list(integer()),
			"LocalTaskID":                   integer(),
			"RegistryTaskID":                integer(),
			"LocalImageContainerRunning":    boolean(),
			"RegistryImageContainerRunning": boolean(),
			"IsLatest":                      boolean(),
			"ExcludeLocalImageIDs":          list(text()),
			"ExcludeRegistryImageIDs":       list(integer()),
			"LocalClusterIDs":               list(text()),
		},
		answer: (*Server).createVulScanTask,
	},
	"StopVulScanTask": {
		service: "tcss",
		inputs: parameters{
			"LocalTaskID":      integer(),
			"LocalImageIDs":    list(text()),
			"RegistryTaskID":   integer(),
			"RegistryImageIDs": list(integer()),
		},
		answer: (*Server).stopVulScanTask,
	},
	"DescribeVulScanInfo": { // document 004
		service: "tcss",
		inputs: parameters{
			"LocalTaskID":    integer(),
			"RegistryTaskID": integer(),
		},
		answer: (*Server).describeVulScanInfo,
	},
	"DescribeVulScanLocalImageList": {
		service: "tcss",
		list:    true,
		inputs:  paged(parameters{"TaskID": integer().required("MissingParameter")}),
		answer:  (*Server).describeVulScanLocalImageList,
	},
	"SyncAssetImageRegistryAsset": {
		service: "tcss",
		inputs:  parameters{"All": boolean(), "RegistryIds": list(integer())},
		answer:  (*Server).syncAssetImageRegistryAsset,
	},
	"DescribeAssetImageRegistryAssetStatus": {
		service: "tcss",
		inputs:  parameters{},
		answer:  (*Server).describeAssetImageRegistryAssetStatus,
	},
	"DescribeAssetImageRegistryList": {
		service: "tcss",
		list:    true,
		inputs:  paged(parameters{"OnlyShowLatest": boolean(), "IsRunning": boolean()}),
		answer:  (*Server).describeAssetImageRegistryList,
	},
	"DescribeAssetImageList": {
		service: "tcss",
		list:    true,
		inputs:  paged(nil),
		answer:  (*Server).describeAssetImageList,
	},
	"DescribeAssetImageRegistryVulList": {
		service: "tcss",
		list:    true,
		inputs: parameters{
			"Limit": integer(), "Offset": integer(), "Filters": filterList(), "Id": integer(),
			"ImageInfo": object(parameters{
				"InstanceName": text(), "Namespace": text(), "ImageName": text(), "ImageTag": text(), "Force": text(),
				"ImageDigest": text(), "RegistryType": text(), "ImageRepoAddress": text(), "InstanceId": text(),
			}),
		},
		answer: (*Server).describeAssetImageRegistryVulList,
	},
	"DescribeAssetImageVulList": {
		service: "tcss",
		list:    true,
		inputs:  paged(parameters{"ImageID": text().required("InvalidParameter.MissingParameter")}),
		answer:  (*Server).describeAssetImageVulList,
	},
	"DescribeScanIgnoreVulList": {
		service: "tcss",
		list:    true,
		inputs:  paged(nil),
		answer:  (*Server).describeScanIgnoreVulList,
	},
	"DescribeImageAuthorizedInfo": {
		service: "tcss",
		inputs:  parameters{},
		answer:  (*Server).describeImageAuthorizedInfo,
	},
}
