package emulator

// msActions are those of ms: submissions, their results, and the detection by a link.
var msActions = map[string]action{
	"CreateScanInstances": { // document 001
		service: "ms",
		inputs: parameters{
			"AppInfos": list(object(parameters{
				"AppUrl":     text().required("MissingParameter.MissingAppInfo"),
				"AppMd5":     text().required("MissingParameter.MissingAppInfo"),
				"AppSize":    integer(),
				"FileName":   text(),
				"AppPkgName": text(),
				"AppVersion": text(),
				"AppIconUrl": text(),
				"AppName":    text(),
			})).required("MissingParameter.MissingAppInfo"),
			"ScanInfo": object(parameters{
				"CallbackUrl": text(),
				"ScanTypes":   list(text()).required("MissingParameter"),
			}).required("MissingParameter"),
		},
		answer: (*Server).createScanInstances,
	},
	"DescribeScanResults": { // document 000
		service: "ms",
		inputs: parameters{
			"ItemId":  text().required("MissingParameter.MissingItemId"),
			"AppMd5s": list(text()),
		},
		answer: (*Server).describeScanResults,
	},
	"DescribeApkDetectionResult": { // document 002
		service:     "ms",
		needsRegion: true,
		inputs: parameters{
			"ApkUrl": text().required("MissingParameter"),
			"ApkMd5": text().required("MissingParameter"),
		},
		answer: (*Server).describeApkDetectionResult,
	},
}
