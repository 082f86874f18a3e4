package tencentcloud

const cwpVersion = "2018-02-28"

var (
	scanVul                  = operation{service: "cwp", version: cwpVersion, action: "ScanVul", maxValues: fewValues}
	createScanMalwareSetting = operation{service: "cwp", version: cwpVersion, action: "CreateScanMalwareSetting", maxValues: fewValues}
)
