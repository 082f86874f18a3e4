package tencentcloud

// refusals are the codes that prove of a submission that nothing was done, where a family cannot stand for its
// details: the families InvalidParameter, FailedOperation and InternalError of these actions hold both codes that
// say no before a scan begins and codes that say that something broke on the way. A code that is not listed
// leaves the outcome unknown. Actions that are not here go by the kind of the error.
var refusals = map[string]map[string]bool{
	createVulScanTask.action: proofs(
		"ResourceInUse", "ResourceUnavailable", "ResourceNotFound", "MissingParameter",
		"InvalidParameter", "InvalidParameter.InvalidFormat", "InvalidParameter.MissingParameter", "InvalidParameter.ParsingError",
		"InternalError.ErrRoleNotExist",
		"FailedOperation.ErrAlreadyScanning", // listed for its sibling CreateAssetImageScanTask
	),
	scanVul.action: proofs(hostScanRefusals...),
	createScanMalwareSetting.action: proofs(append(hostScanRefusals,
		"InvalidParameter.DateRange",
	)...),
}

var hostScanRefusals = []string{
	"FailedOperation.NoProfessionHost", "OperationDenied", "ResourceNotFound", "ResourceNotFound.MachineNotFound", "MissingParameter",
	"InvalidParameter", "InvalidParameter.IllegalRequest", "InvalidParameter.InvalidFormat", "InvalidParameter.MissingParameter", "InvalidParameter.ParsingError",
	"InvalidParameterValue",
}

// gatewayRefusals are the codes by which the gateway before all services refuses a request, or a service before it
// begins anything: the public list of common error codes, without FailedOperation, InternalError,
// ServiceUnavailable, ResponseSizeLimitExceeded and those that an action has to list itself.
var gatewayRefusals = []string{
	"ActionOffline", "InvalidAction", "NoSuchProduct", "NoSuchVersion", "UnsupportedOperation", "UnsupportedProtocol", "UnsupportedRegion",
	"AuthFailure", "AuthFailure.InvalidAuthorization", "AuthFailure.InvalidSecretId", "AuthFailure.MFAFailure", "AuthFailure.SecretIdNotFound",
	"AuthFailure.SignatureExpire", "AuthFailure.SignatureFailure", "AuthFailure.TokenFailure", "AuthFailure.UnauthorizedOperation",
	"UnauthorizedOperation", "UnauthorizedOperation.NotWhiteUser", "IpInBlacklist", "IpNotInWhitelist",
	"InvalidRequest", "UnknownParameter", "RequestSizeLimitExceeded", "NonHttpsRequest", "DryRunOperation",
	"RequestLimitExceeded", "RequestLimitExceeded.IPLimitExceeded", "RequestLimitExceeded.UinLimitExceeded",
	"RequestLimitExceeded.GlobalRegionUinLimitExceeded", "LimitExceeded.RateLimitExceeded",
	"LimitExceeded", "ResourceInsufficient",
}

func proofs(codes ...string) map[string]bool {
	set := make(map[string]bool, len(codes)+len(gatewayRefusals))
	for _, list := range [][]string{codes, gatewayRefusals} {
		for _, code := range list {
			set[code] = true
		}
	}
	return set
}

// provesNothing tells whether the answer's code leaves it unknown whether the call was carried out, although its
// family is one that proves that it was not.
func (e *Error) provesNothing() bool {
	codes, listed := refusals[e.Action]
	return listed && e.Code != "" && !codes[e.Code]
}

// provesRefusal tells whether the answer's code is listed for the action as one by which nothing was done.
func (e *Error) provesRefusal() bool { return refusals[e.Action][e.Code] }
