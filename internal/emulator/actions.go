package emulator

import (
	"context"
	"maps"
	"regexp"
)

// request is a call that was found to be signed, known, and of the right form.
type request struct {
	ctx        context.Context
	action     string
	account    string
	secretID   string
	region     string
	requestID  string
	parameters map[string]any
}

// action is one action of one service.
type action struct {
	service string
	// needsRegion: without X-TC-Region the call is refused.
	needsRegion bool
	// unsigned: the call may come without a signature.
	unsigned bool
	// list: the answer is a page of a list, which a scenario may shift.
	list   bool
	inputs parameters
	// answer does the work and returns the Response object without its RequestId.
	answer func(*Server, *request) (map[string]any, *failure)
}

// versions of the services.
var versions = map[string]string{"ms": "2018-04-08", "cwp": "2018-02-28", "tcss": "2020-11-01", "sts": "2018-08-13"}

// actions are what the emulator serves, by name. The names are unique among the services.
var actions = merged(msActions, cwpActions, tcssActions, stsActions)

// merged is one table of several.
func merged(tables ...map[string]action) map[string]action {
	all := make(map[string]action)
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

// regionFormat is the form of regions, as in ap-guangzhou or eu-frankfurt-2.
var regionFormat = regexp.MustCompile(`^[a-z]{2,4}(-[a-z0-9]+)+$`)

// find looks an action up and checks the version and the region.
func find(service, name, version, region string) (action, *failure) {
	// A client that is pointed at a bare address has no service to put into its scope: the official
	// Node.js SDK takes the first label of the endpoint, here "127" or "localhost:PORT". The scope is
	// signed all the same; the action then says which service is meant.
	known, found := actions[name]
	if _, isService := versions[service]; !isService {
		if !addressLabel.MatchString(service) {
			return action{}, fail("NoSuchProduct", "The product `%s` does not exist.", clip(service))
		}
		service = known.service
	}
	if !found || known.service != service {
		return action{}, fail("InvalidAction", "The request action=`%s` is invalid or does not exist.", clip(name))
	}
	if version != versions[service] {
		return action{}, fail("NoSuchVersion", "The version `%s` of `%s` does not exist.", clip(version), service)
	}
	if region == "" && known.needsRegion {
		return action{}, fail("MissingParameter", "The request is missing a required parameter `Region`.")
	}
	if region != "" && !regionFormat.MatchString(region) {
		return action{}, fail("UnsupportedRegion", "The region `%s` is not supported.", clip(region))
	}
	return known, nil
}

// addressLabel is the first label of a loopback endpoint that names no service.
var addressLabel = regexp.MustCompile(`^(127|localhost(:[0-9]+)?|\[.*)$`)

// clip shortens a client's text before it is put into a message.
func clip(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}
