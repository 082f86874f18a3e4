package evidence_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/field"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
)

func TestImageScan_takesOverWhatTheGateJudges(t *testing.T) {
	t.Parallel()
	ended := time.Date(2023, 12, 4, 9, 11, 32, 0, time.UTC)
	got := evidence.ImageScan("x", imageTasks{LocalTaskID: ptr[int64](1)}, from[imageScan](t, `{"Status":"SCANNED","LocalImageScanCount":1,"RegistryImageScanCount":"2","FoundVulCount":3,
	  "RegistryFoundVulCount":4,"FoundRiskImageCount":5,"IgnoreVulCount":6,"ScanStartTime":"2023-12-04 17:00:00","ScanEndTime":"2023-12-04 17:11:32"}`))
	want := gate.ImageScan{
		Object: "x", Status: "SCANNED", AskedLocal: true, LocalImageScanCount: num(1), RegistryImageScanCount: num(2),
		FoundVulCount: num(3), RegistryFoundVulCount: num(4), FoundRiskImageCount: num(5), Scanned: gate.Span{Begin: at(ended.Add(-11*time.Minute - 32*time.Second)), End: at(ended)},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestImageScan_nullsStayUnknown(t *testing.T) {
	t.Parallel()
	want := gate.ImageScan{Object: "x", AskedRegistry: true}
	asked := imageTasks{RegistryTaskID: ptr[int64](0)}
	for name, document := range map[string]string{
		"nothing": `{}`,
		"null":    `{"Status":null,"LocalImageScanCount":null,"RegistryImageScanCount":null,"FoundVulCount":null,"RegistryFoundVulCount":null,"FoundRiskImageCount":null,"ScanEndTime":null}`,
	} {
		if got := evidence.ImageScan("x", asked, from[imageScan](t, document)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	broken := evidence.ImageScan("x", asked, from[imageScan](t, `{"Status":[],"LocalImageScanCount":"some","RegistryImageScanCount":1.5,"FoundVulCount":{},"RegistryFoundVulCount":"","FoundRiskImageCount":false,"ScanEndTime":"1970-01-01 08:00:00"}`))
	if want := (gate.ImageScan{
		Object: "x", AskedRegistry: true, LocalImageScanCount: brokenNumber, RegistryImageScanCount: brokenNumber, FoundVulCount: brokenNumber, RegistryFoundVulCount: brokenNumber,
		FoundRiskImageCount: brokenNumber, Scanned: gate.Span{End: field.Broken[time.Time]()},
	}); !reflect.DeepEqual(broken, want) {
		t.Errorf("what cannot be read: %+v", broken)
	}
	if got := evidence.ImageScan("x", asked, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("no answer: %+v", got)
	}
}
