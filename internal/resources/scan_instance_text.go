package resources

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
	"github.com/tencentscan/terraform-provider-ms/internal/tf"
)

const nextAfterWait = "The task's id is in the state and nothing is submitted again: once the cause is out of the way, the next apply waits on for this task. " +
	"A longer time-out is set by timeouts.create and timeouts.update."

func nextAfterNotFound(account string) string {
	return "The id is kept in the state and nothing is submitted. Check that the credentials are those of the account that submitted the task (now: " + account + "). " +
		"If the task is gone for good, scan again with -replace or a new value in triggers."
}

// describeApps names the apps of a submission by their MD5s.
func describeApps(request tencentcloud.CreateScanInstancesRequest) string {
	md5s := make([]string, 0, 3)
	for _, app := range request.AppInfos {
		if len(md5s) == 3 {
			md5s = append(md5s, fmt.Sprintf("and %d more", len(request.AppInfos)-3))
			break
		}
		md5s = append(md5s, app.AppMD5)
	}
	return "apps with MD5 " + strings.Join(md5s, ", ")
}

const lookUp = "Look in the Tencent Cloud console, or ask its support with the RequestId if there is one, whether a scan of these packages began at that time. " +
	"If it did, take it over: `terraform state rm` this resource, then `terraform import` it with the ItemId. " +
	"If it did not, scan again with -replace. Until then nothing is submitted."

// explainLostAnswer describes a submission of which nobody knows whether it was accepted. err is nil
// where there was an answer, but without an ItemId.
func explainLostAnswer(object, requestID string, err error) string {
	if err == nil {
		return fmt.Sprintf("The service answered the submission without an ItemId, so that it is not known whether a scan began.\n\nObject: %s\nRequestId: %s\n\n%s",
			object, gate.Line(requestID), lookUp)
	}
	return "The submission was sent, but nothing tells for certain whether it was accepted. " + tf.Explain(object, err, lookUp)
}

func explainUncertain(submittedAt string) string {
	return fmt.Sprintf("The answer to the submission of %s was lost, so that it is not known whether a scan began; it may have been paid for.\n\n%s", submittedAt, lookUp)
}

const maxFailuresShown = 5

func explainFailures(id string, failures []failure) string {
	var b strings.Builder
	fmt.Fprintf(&b, "The task has ended, but %d of its apps were rejected, failed or timed out. Nothing is submitted again by itself.\n\nObject: item %s", len(failures), gate.Line(id))
	for i, f := range failures {
		if i == maxFailuresShown {
			fmt.Fprintf(&b, "\n... and %d more, see the attribute failures", len(failures)-i)
			break
		}
		fmt.Fprintf(&b, "\nMD5 %s: ", f.md5)
		if f.code != nil {
			fmt.Fprintf(&b, "code %d, ", *f.code)
		}
		b.WriteString(gate.Line(f.desc))
		if f.hint != "" {
			b.WriteString(". " + f.hint)
		}
	}
	return b.String()
}

// failuresOf reads the failures back from a value.
func failuresOf(list types.List) []failure {
	var failures []failure
	for _, element := range list.Elements() {
		object, ok := element.(types.Object)
		if !ok {
			continue
		}
		var f failure
		attributes := object.Attributes()
		f.md5 = textOf(attributes["app_md5"])
		f.desc = textOf(attributes["desc"])
		f.hint = textOf(attributes["hint"])
		if code, ok := attributes["code"].(types.Int64); ok {
			f.code = code.ValueInt64Pointer()
		}
		failures = append(failures, f)
	}
	return failures
}

func textOf(value any) string {
	if s, ok := value.(types.String); ok {
		return s.ValueString()
	}
	return ""
}
