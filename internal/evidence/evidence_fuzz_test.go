package evidence_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/evidence"
	"github.com/tencentscan/terraform-provider-ms/internal/gate"
	"github.com/tencentscan/terraform-provider-ms/internal/tencentcloud"
)

// The fuzz targets lead an answer through the evidence into the gate, and hold a pass against a reading
// of the same JSON that shares no code with either.

const askedMD5 = "44d88612fea8a8f36de82e1278abb02f"

var fuzzClock = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// document is a JSON object read without this project's decoders.
type document map[string]any

// read returns the object of a text, and false where there is none or a name in it stands twice: then
// it depends on the reader what the object says.
func readDocument(text []byte) (document, bool) {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if !namesOnce(decoder) {
		return nil, false
	}
	decoder = json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var d document
	return d, decoder.Decode(&d) == nil && d != nil
}

// namesOnce walks one value and tells whether no object names a field twice, in whatever case.
func namesOnce(decoder *json.Decoder) bool {
	token, err := decoder.Token()
	if err != nil {
		return false
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return true
	}
	var names []string
	for decoder.More() {
		if delim == '{' {
			token, err := decoder.Token()
			name, ok := token.(string)
			if err != nil || !ok {
				return false
			}
			for _, other := range names {
				if strings.EqualFold(other, name) {
					return false
				}
			}
			names = append(names, name)
		}
		if !namesOnce(decoder) {
			return false
		}
	}
	_, err = decoder.Token()
	return err == nil
}

func (d document) get(name string) any {
	for key, value := range d {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

func (d document) object(name string) document {
	object, _ := d.get(name).(map[string]any)
	return object
}

func (d document) list(name string) []document {
	items, _ := d.get(name).([]any)
	list := make([]document, len(items))
	for i, item := range items {
		object, _ := item.(map[string]any)
		list[i] = object
	}
	return list
}

// is tells whether a field is the number, as a number or as text.
func (d document) is(name string, want int64) bool {
	text := ""
	switch value := d.get(name).(type) {
	case json.Number:
		text = value.String()
	case string:
		text = strings.TrimSpace(value)
	}
	if text == "" || len(text) > 100 || strings.Trim(text, "0123456789+-.eE") != "" {
		return false
	}
	if _, exponent, found := strings.Cut(strings.ToLower(text), "e"); found && len(exponent) > 4 {
		return false
	}
	number, ok := new(big.Rat).SetString(text)
	return ok && number.Cmp(new(big.Rat).SetInt64(want)) == 0
}

func (d document) isOneOf(name string, values ...int64) bool {
	for _, value := range values {
		if d.is(name, value) {
			return true
		}
	}
	return false
}

// checkVerdict checks what holds of every verdict.
func checkVerdict(t *testing.T, v gate.Verdict) {
	t.Helper()
	texts := []string{v.Message}
	for _, reason := range v.Reasons {
		texts = append(texts, reason.Detail)
	}
	for _, text := range texts {
		if strings.Contains(text, "::") || strings.Contains(text, "##") || strings.ContainsAny(text, "\x1b\x00\u202e\u2066\u200b\r") {
			t.Fatalf("message %q", text)
		}
	}
	if v.Passed() == (v.Outcome != gate.Pass) || v.Passed() && (len(v.Reasons) > 0 || v.ViolationCount > 0) {
		t.Fatalf("verdict %+v", v)
	}
}

func FuzzScanResults(f *testing.F) {
	const clean = `{"TotalCount":1,"ScanSet":[{"TaskStatus":1,"StatusCode":0,"TaskTime":1700000000,"AppDetailInfo":{"AppMd5":"` + askedMD5 + `","AppPkgName":"com.example"},"VulInfo":{"VulFileScore":"100","VulList":[]},"VirusInfo":{"SafeType":"1"}}]}`
	for _, seed := range []string{
		clean, strings.Replace(clean, `"SafeType":"1"`, `"SafeType":"3"`, 1), strings.Replace(clean, `"VulList":[]`, `"VulList":[{"VulId":"v","RiskLevel":2}]`, 1),
		strings.Replace(clean, `"VulList":[]`, `"VulList":[{"RiskLevel":3}]`, 1), strings.Replace(clean, `"StatusCode":0`, `"StatusCode":null`, 1), strings.Replace(clean, `"TotalCount":1`, `"TotalCount":0`, 1),
		`{"TotalCount":0,"ScanSet":[]}`, `{"ScanSet":[null]}`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	policy := gate.Policy{Source: gate.SourceScanResults, RequiredMD5s: []string{askedMD5}}
	f.Fuzz(func(t *testing.T, text []byte) {
		var answer results
		if json.Unmarshal(text, &answer) != nil {
			return
		}
		scan := evidence.ScanResults("item i", nil, &answer)
		v := gate.Evaluate(scan.Evidence(policy), policy, fuzzClock)
		checkVerdict(t, v)
		d, once := readDocument(text)
		if !v.Passed() || !once {
			return
		}
		rows, found := d.list("ScanSet"), false
		if len(rows) == 0 || !d.is("TotalCount", int64(len(rows))) {
			t.Fatalf("passes without its rows: %s", text)
		}
		for _, row := range rows {
			vul := row.object("VulInfo")
			md5, _ := row.object("AppDetailInfo").get("AppMd5").(string)
			found = found || strings.EqualFold(strings.TrimSpace(md5), askedMD5)
			if !row.is("TaskStatus", 1) || row.get("StatusCode") != nil && !row.is("StatusCode", 0) || !row.object("VirusInfo").is("SafeType", 1) || vul == nil {
				t.Fatalf("passes without evidence: %s", text)
			}
			for _, one := range vul.list("VulList") {
				if !one.isOneOf("RiskLevel", 1, 2) {
					t.Fatalf("passes with a vulnerability: %s", text)
				}
			}
		}
		if !found {
			t.Fatalf("passes without the required app: %s", text)
		}
	})
}

func FuzzAPKDetection(f *testing.F) {
	const clean = `{"Result":"ok","ResultList":[{"Md5":"` + askedMD5 + `","SafeType":"1","Errno":"0","RepackageStatus":"0","Banner":"0","BoutiqueRecommand":"0","FloatWindows":"0","IntegralWall":"0","NotifyBar":"0","Spot":"0","PluginList":[],"OptPluginList":[]}]}`
	for _, seed := range []string{
		clean, strings.Replace(clean, `"SafeType":"1"`, `"SafeType":"0"`, 1), strings.Replace(clean, `"Errno":"0"`, `"Errno":"1001"`, 1), strings.Replace(clean, `"RepackageStatus":"0"`, `"RepackageStatus":"1"`, 1),
		`{"Result":"ok","ResultList":[]}`, `{"Result":"error","Reason":"why"}`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	policy := gate.Policy{Source: gate.SourceAPKDetection}
	f.Fuzz(func(t *testing.T, text []byte) {
		var answer detection
		if json.Unmarshal(text, &answer) != nil || !answer.OK() || answer.Check(askedMD5) != nil {
			return
		}
		v := gate.Evaluate(evidence.APKDetection("package", askedMD5, "", &answer).Evidence(policy), policy, fuzzClock)
		checkVerdict(t, v)
		d, once := readDocument(text)
		if !v.Passed() || !once {
			return
		}
		rows := d.list("ResultList")
		for _, row := range rows {
			md5, _ := row.get("Md5").(string)
			if !row.is("SafeType", 1) || row.is("RepackageStatus", 1) || !strings.EqualFold(strings.TrimSpace(md5), askedMD5) {
				t.Fatalf("passes without evidence: %s", text)
			}
		}
		if len(rows) == 0 {
			t.Fatalf("passes without a row: %s", text)
		}
	})
}

func FuzzHostScan(f *testing.F) {
	const clean = `{"TotalCount":1,"ScanMachineCount":1,"RiskMachineCount":0,"RiskEventCount":0,"VulCount":0,"ScanProgress":100,"StoppingAll":false,"ScanEndTime":"2026-02-28 11:40:28","VulInfo":[],"ScanTaskDetailList":[{"Id":1,"Quuid":"q","Status":"Ok","RiskNum":0}]}`
	for _, seed := range []string{
		clean, strings.Replace(clean, `"Ok"`, `"Fail"`, 1), strings.Replace(clean, `"VulInfo":[]`, `"VulInfo":[{"VulId":1,"Level":4}]`, 1), strings.Replace(clean, `"ScanProgress":100`, `"ScanProgress":99`, 1),
		strings.Replace(clean, `"RiskNum":0`, `"RiskNum":7`, 1), `{}`, `{"ScanProgress":100,"TotalCount":0}`,
	} {
		for _, module := range []string{"Vul", "Malware", "Baseline"} {
			f.Add(module, []byte(seed))
		}
	}
	policy := gate.Policy{Source: gate.SourceHostScan, FailOn: gate.Medium}
	f.Fuzz(func(t *testing.T, module string, text []byte) {
		var answer hostScan
		if json.Unmarshal(text, &answer) != nil {
			return
		}
		v := gate.Evaluate(evidence.HostScan("task", module, &answer).Evidence(policy), policy, fuzzClock)
		checkVerdict(t, v)
		d, once := readDocument(text)
		if !v.Passed() || !once {
			return
		}
		machines := d.list("ScanTaskDetailList")
		if len(machines) == 0 || !d.is("ScanProgress", 100) || d.get("StoppingAll") == true || !d.is("TotalCount", int64(len(machines))) {
			t.Fatalf("passes unfinished: %s", text)
		}
		for _, machine := range machines {
			if machine.get("Status") != "Ok" {
				t.Fatalf("passes with a machine that was not scanned: %s", text)
			}
		}
		for _, vul := range d.list("VulInfo") {
			if module == "Vul" && !vul.is("Level", 1) {
				t.Fatalf("passes with a vulnerability: %s", text)
			}
		}
	})
}

func FuzzImageScan(f *testing.F) {
	const clean = `{"Status":"SCANNED","LocalTaskID":1,"RegistryTaskID":2,"LocalImageScanCount":1,"RegistryImageScanCount":2,"FoundVulCount":0,"RegistryFoundVulCount":0,"FoundRiskImageCount":0,"ScanEndTime":"2026-02-28 11:40:28"}`
	for _, seed := range []string{
		clean, strings.Replace(clean, "SCANNED", "NOT_SCAN", 1), strings.Replace(clean, `"FoundVulCount":0`, `"FoundVulCount":null`, 1), strings.Replace(clean, `"LocalImageScanCount":1`, `"LocalImageScanCount":0`, 1), `{}`,
	} {
		f.Add([]byte(seed))
	}
	asked := imageTasks{LocalTaskID: ptr[int64](1), RegistryTaskID: ptr[int64](2)}
	f.Fuzz(func(t *testing.T, text []byte) {
		var answer imageScan
		if json.Unmarshal(text, &answer) != nil || answer.Check(asked) != nil {
			return
		}
		policy := gate.Policy{Source: gate.SourceImageScan, MaxAge: 48 * time.Hour}
		v := gate.Evaluate(evidence.ImageScan("tasks", asked, &answer).Evidence(policy), policy, fuzzClock)
		checkVerdict(t, v)
		d, once := readDocument(text)
		if !v.Passed() || !once {
			return
		}
		if d.get("Status") != tencentcloud.ImagesScanned || !d.is("FoundVulCount", 0) || !d.is("RegistryFoundVulCount", 0) ||
			d.get("LocalImageScanCount") == nil || d.is("LocalImageScanCount", 0) || d.get("ScanEndTime") == nil || !d.is("LocalTaskID", 1) {
			t.Fatalf("passes without evidence: %s", text)
		}
	})
}
