package emulator

var cwpActions = map[string]action{
	"DescribeScanTaskDetails": { // document 003
		service: "cwp",
		inputs: parameters{
			"ModuleType": text().required("MissingParameter"),
			"TaskId":     integer().required("MissingParameter"),
			"Filters": list(object(parameters{
				"Name":       text().required("MissingParameter"),
				"Values":     list(text()).required("MissingParameter"),
				"ExactMatch": boolean(),
			})),
			"Limit":  integer(),
			"Offset": integer(),
		},
		answer: (*Server).describeScanTaskDetails,
	},
}
