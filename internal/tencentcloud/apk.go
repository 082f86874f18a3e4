package tencentcloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tencentscan/terraform-provider-ms/internal/field"
)

var describeApkDetectionResult = operation{
	service: "ms", version: msVersion, action: "DescribeApkDetectionResult", regional: true, repeatable: true, maxValues: appValues,
}

// DescribeApkDetectionResultRequest asks for the detection of a package. The first request submits it;
// the service keys it by MD5, so that asking again is harmless (document 002).
type DescribeApkDetectionResultRequest struct {
	ApkURL string `json:"ApkUrl"`
	ApkMD5 string `json:"ApkMd5"`
}

// DescribeApkDetectionResultResponse is final once Result is "ok" and ResultList is not empty.
type DescribeApkDetectionResultResponse struct {
	answer
	Result     Text
	Reason     Text
	ResultList List[ResultListItem]
}

// ResultListItem is what was detected in a package. The service gives every value as text.
type ResultListItem struct {
	// SafeType is 0 unknown, 1 safe, 2 risky, 3 virus.
	SafeType Int
	// The advertising flags: -1 uncertain, 0 no, 1 yes.
	BoutiqueRecommand, FloatWindows, Banner, IntegralWall, NotifyBar, Spot Int
	// Official is 1 yes, 0 no; RepackageStatus is 1 for a repackaged app.
	Official, RepackageStatus Int
	// PluginList are advertising plugins, OptPluginList others.
	PluginList, OptPluginList List[AdPlugin]
	Sid                       Text
	VirusName, VirusDesc      Text
	SoftName                  Text
	MD5                       Text `json:"Md5"`
	ErrMsg                    Text
	// Errno and ErrNo are two names of one thing; see [ResultListItem.ErrorNumber].
	Errno Int
	ErrNo Int
}

// ErrorNumber returns the error number of either name; where they differ, the one that is an error.
// Absent is when neither is there.
func (r ResultListItem) ErrorNumber() Int {
	if r.Errno.Absent() || !r.ErrNo.Absent() && fine(r.Errno) && !fine(r.ErrNo) {
		return r.ErrNo
	}
	return r.Errno
}

// fine tells the error numbers that are none (api.md): 0 and 1.
func fine(n Int) bool { return n.Is(0) || n.Is(1) }

// Check returns an error where an answer that is over gives no detection of the package with the
// lower-case MD5 asked. It wraps [ErrDetection] where the service says so (Result "error", or a row with an
// error number), [ErrUnreadable] where an error number cannot be read, and [ErrOtherObject] where a row is
// about another package, or does not say about which. It returns nil where the detection is not over.
func (r *DescribeApkDetectionResultResponse) Check(asked string) error {
	refused := strings.EqualFold(r.Result.String(), "error")
	if !refused && !r.OK() {
		return nil
	}
	reason := "" // of an "ok" it says "success"
	if refused {
		reason = cmp.Or(r.Reason.String(), "the service gives no reason")
	}
	for _, row := range r.ResultList.Items {
		switch number, state := row.ErrorNumber().Get(); {
		case state == field.Unreadable:
			return r.unusable(ErrUnreadable, errors.New("the error number of the result cannot be read"))
		case state == field.Known && !fine(row.ErrorNumber()):
			return r.failed(number, fmt.Sprintf("Errno %d", number), describeErrno(number, cmp.Or(row.ErrMsg.String(), reason)))
		}
	}
	if refused {
		return r.failed(0, "error", reason)
	}
	for _, row := range r.ResultList.Items {
		switch md5 := strings.ToLower(strings.TrimSpace(row.MD5.String())); md5 {
		case asked:
		case "":
			return r.unusable(ErrOtherObject, errors.New("the result does not say which package it is about"))
		default:
			return r.unusable(ErrOtherObject, fmt.Errorf("the result is about the package with MD5 %q", md5))
		}
	}
	return nil
}

func (r *DescribeApkDetectionResultResponse) failed(errno int64, code, message string) error {
	return &Error{
		Action: describeApkDetectionResult.action, Code: code, Message: message, Errno: errno,
		RequestID: r.RequestID, Sent: true, kind: ErrDetection,
	}
}

func (r *DescribeApkDetectionResultResponse) unusable(kind, cause error) error {
	return &Error{Action: describeApkDetectionResult.action, RequestID: r.RequestID, Sent: true, kind: kind, cause: cause}
}

func describeErrno(errno int64, message string) string {
	meaning := CodeMeaning(errno)
	switch {
	case meaning == "" && message == "":
		return "the error number is not documented"
	case meaning == "":
		return message
	case message == "":
		return meaning
	default:
		return meaning + " (" + message + ")"
	}
}

// OK tells whether the detection has a result.
func (r *DescribeApkDetectionResultResponse) OK() bool {
	return strings.EqualFold(r.Result.String(), "ok") && len(r.ResultList.Items) > 0
}

// DescribeApkDetectionResult returns the detection of a package as far as it is. Identical requests
// under way are one call, and an answer that is [DescribeApkDetectionResultResponse.OK] and holds no
// error is asked for once; so the response is shared and must not be changed.
func (c *Client) DescribeApkDetectionResult(ctx context.Context, request DescribeApkDetectionResultRequest) (*DescribeApkDetectionResultResponse, error) {
	return read(ctx, c, describeApkDetectionResult, request, func(r *DescribeApkDetectionResultResponse) bool {
		return r.OK() && r.Check(strings.ToLower(request.ApkMD5)) == nil
	})
}
