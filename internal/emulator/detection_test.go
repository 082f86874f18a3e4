package emulator_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// detect asks for a detection and returns its row, nil while there is none.
func (c *client) detect(link, md5 string) map[string]any {
	c.t.Helper()
	answer := c.call("DescribeApkDetectionResult", show(map[string]string{"ApkUrl": link, "ApkMd5": md5}))
	if answer["Result"] != "ok" || answer["Reason"] != "success" {
		c.t.Fatalf("answer %s", show(answer))
	}
	row, _ := at(answer, "ResultList", 0).(map[string]any)
	return row
}

func TestDetection_givesTheFindingsAsTexts(t *testing.T) {
	t.Parallel()
	files := packages.All()
	base := serve(t, files)
	c := start(t)
	tests := map[string]map[string]any{
		"clean.apk":    {"SafeType": "1", "Banner": "0", "Errno": "0", "ErrMsg": "success", "SoftName": "Shop", "VirusName": ""},
		"infected.apk": {"SafeType": "3", "VirusName": "EICAR-Test-File", "Errno": "0"},
		"ads.apk":      {"SafeType": "1", "Banner": "1", "Spot": "1", "IntegralWall": "1", "NotifyBar": "1", "FloatWindows": "0", "BoutiqueRecommand": "0"},
	}
	for name, want := range tests {
		md5 := packages.MD5(files[name])
		row := c.detect(base+name, md5)
		want["Md5"] = md5
		for field, value := range want {
			if row[field] != value {
				t.Errorf("%s: %s is %v, want %v", name, field, row[field], value)
			}
		}
		if _, found := row["ErrNo"]; found {
			t.Errorf("%s: ErrNo is not in the document", name)
		}
	}
	ads := c.detect(base+"ads.apk", packages.MD5(files["ads.apk"]))
	plugins, _ := ads["PluginList"].([]any)
	if len(plugins) != 4 || at(ads, "OptPluginList", 0, "PluginName") != "OkHttp" {
		t.Errorf("plugins %s", show(ads))
	}
}

func TestDetection_isEmptyUntilReadyAndKeyedByMD5(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base, md5 := serve(t, map[string][]byte{"clean": clean}), packages.MD5(clean)
	c := start(t, emulator.WithScanPolls(1), emulator.WithScanDuration(time.Minute), emulator.WithSDKNames())
	if row := c.detect(base+"clean", md5); row != nil {
		t.Errorf("at once: %s", show(row))
	}
	c.server.Advance(time.Minute)
	// The same MD5 under another link is the same sample.
	if row := c.detect(base+"clean?signature=2", md5); row["Errno"] != "0" || row["ErrNo"] != "0" {
		t.Errorf("later: %s", show(row))
	}
	if !c.server.ForgetDetection(md5) {
		t.Error("it was not there")
	}
	if row := c.detect(base+"clean", md5); row != nil {
		t.Errorf("after forgetting: %s", show(row))
	}
}

func TestDetection_tellsWhatFailedByErrno(t *testing.T) {
	t.Parallel()
	clean := packages.Clean()
	base, md5 := serve(t, map[string][]byte{"clean": clean, "junk": []byte("junk"), "empty": {}}), packages.MD5(clean)
	tests := map[string][3]string{
		"download":  {"none", md5, "1000"},
		"MD5":       {"clean", packages.MD5([]byte("junk")), "1001"},
		"junk":      {"junk", packages.MD5([]byte("junk")), "3"},
		"size zero": {"empty", packages.MD5(nil), "5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := start(t).detect(base+test[0], test[1])
			if row["Errno"] != test[2] || row["SafeType"] != "0" || row["Banner"] != "-1" || row["ErrMsg"] == "success" {
				t.Errorf("got %s", show(row))
			}
		})
	}
	c := start(t)
	if row := c.detect(base+"none", md5); row["Errno"] != "1000" {
		t.Errorf("first link: %s", show(row))
	}
	if row := c.detect(base+"clean", md5); row["Errno"] != "0" {
		t.Errorf("second link: %s", show(row))
	}
	for body, want := range map[string]string{
		`{"ApkUrl":"x","ApkMd5":"` + md5 + `"}`:           "InvalidParameterValue",
		`{"ApkUrl":"http://127.0.0.1/","ApkMd5":"short"}`: "InvalidParameterValue",
		`{"ApkUrl":"http://127.0.0.1/"}`:                  "MissingParameter",
	} {
		if got := c.code("DescribeApkDetectionResult", body); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

// What detection calls unsigned is no success in a scan.
func TestUnsigned_failsInDetectionAndInAScan(t *testing.T) {
	t.Parallel()
	spoilt := func(name string, content []byte) []byte {
		return rewrite(t, packages.Insecure(), func(entry string) []byte {
			if entry == name {
				return content
			}
			return nil
		})
	}
	for name, test := range map[string]struct {
		data   []byte
		reason string
	}{
		"no signature file":  {spoilt("META-INF/SAMPLE.SF", []byte{}), "The package has no certificate."},
		"no signature block": {spoilt("META-INF/SAMPLE.EC", []byte{}), "The package has no certificate."},
		"an unreadable one":  {spoilt("META-INF/SAMPLE.EC", []byte("no signature")), "No certificate of the package can be read."},
	} {
		c := start(t)
		base, md5 := serve(t, map[string][]byte{"a": test.data}), packages.MD5(test.data)
		if row := c.detect(base+"a", md5); row["Errno"] != "4" || row["ErrMsg"] != test.reason || row["SoftName"] != "Insecure sample" {
			t.Errorf("%s: detection says %s", name, show(row))
		}
		row := c.scan(test.data)
		if show(row["TaskStatus"]) != "3" || show(row["StatusCode"]) != "4" || row["StatusDesc"] != test.reason || row["VulInfo"] != nil {
			t.Errorf("%s: the scan says %s", name, show(row))
		}
	}
}

// rewrite is a copy of a package, without its signing block, whose entries have the content that change
// returns: nil leaves them, and nothing removes them.
func rewrite(t *testing.T, data []byte, change func(name string) []byte) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, f := range archive.File {
		content := change(f.Name)
		switch {
		case content == nil:
			err = writer.Copy(f)
		case len(content) > 0:
			var w io.Writer
			if w, err = writer.Create(f.Name); err == nil {
				_, err = w.Write(content)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
