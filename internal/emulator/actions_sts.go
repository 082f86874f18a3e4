package emulator

// stsActions are those of sts, by its API manual.
var stsActions = map[string]action{
	"AssumeRole": {
		service:     "sts",
		needsRegion: true,
		inputs: parameters{
			"RoleArn":         text().required("MissingParameter"),
			"RoleSessionName": text().required("MissingParameter"),
			"DurationSeconds": integer(),
			"Policy":          text(),
			"ExternalId":      text(),
		},
		answer: (*Server).assumeRole,
	},
	"AssumeRoleWithWebIdentity": {
		service:     "sts",
		needsRegion: true,
		unsigned:    true,
		inputs: parameters{
			"ProviderId":       text().required("MissingParameter"),
			"WebIdentityToken": text().required("MissingParameter"),
			"RoleArn":          text().required("MissingParameter"),
			"RoleSessionName":  text().required("MissingParameter"),
			"DurationSeconds":  integer(),
		},
		answer: (*Server).assumeRoleWithWebIdentity,
	},
	"GetCallerIdentity": {
		service:     "sts",
		needsRegion: true,
		inputs:      parameters{},
		answer:      (*Server).getCallerIdentity,
	},
}
