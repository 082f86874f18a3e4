package acctest_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

func TestAccCanary_nothingLeaksFromTheProviderInProcess(t *testing.T) { //nolint:paralleltest // sets the environment of the process
	c := newCage(t, true)
	c.life()
}

func TestAccCanary_nothingLeaksFromTheBinary(t *testing.T) {
	t.Parallel()
	c := newCage(t, false)
	c.life()
}

func TestAccCanary_nothingLeaksWhenCallsFail(t *testing.T) {
	t.Parallel()
	tests := map[string]func(c *cage) emulator.Fault{
		"refused": func(c *cage) emulator.Fault {
			return emulator.Fault{Kind: emulator.FaultError, Code: "InvalidParameterValue.InvalidAppInfo", Message: c.echo(nil)}
		},
		"code that repeats": func(c *cage) emulator.Fault {
			return emulator.Fault{Kind: emulator.FaultError, Code: c.echo(nil), Message: c.echo(nil), After: true}
		},
		"answer lost": func(*cage) emulator.Fault { return emulator.Fault{Kind: emulator.FaultLost} },
		"no JSON":     func(c *cage) emulator.Fault { return emulator.Fault{Kind: emulator.FaultText, Body: c.echo(nil)} },
		"wrong types": func(*cage) emulator.Fault { return emulator.Fault{Kind: emulator.FaultTypes} },
		"HTML":        func(c *cage) emulator.Fault { return emulator.Fault{Kind: emulator.FaultHTTP, Body: c.echo(nil)} },
		"redirect": func(c *cage) emulator.Fault {
			return emulator.Fault{Kind: emulator.FaultRedirect, Location: "http://127.0.0.1:1/?" + url.QueryEscape(c.echo(nil))}
		},
		"too slow": func(*cage) emulator.Fault { return emulator.Fault{Kind: emulator.FaultSlowHeader} },
	}
	for name, fault := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCage(t, false)
			config := c.everything() + fmt.Sprintf("resource \"ms_scan_instance\" \"other\" {\n  app_infos = [%s]\n}\n", c.cloud.App("clean.apk"))
			// The detection waits for the apply, so that one run makes both calls.
			config = strings.Replace(config, `"ms_apk_detection" "app" {`, "\"ms_apk_detection\" \"app\" {\n  depends_on = [terraform_data.first]", 1)
			config += "resource \"terraform_data\" \"first\" {}\n"
			if name == "too slow" {
				config = strings.Replace(config, `"2s"`, `"150ms"`, 1)
			}
			c.Write(config)
			c.cloud.Fault(fault(c))
			created := c.do("apply", "-auto-approve", "-no-color", "-target=ms_scan_instance.app", "-target=data.ms_apk_detection.app")
			imported := c.do("import", "-no-color", "ms_scan_instance.other", "item")
			for _, action := range []string{"CreateScanInstances", "DescribeApkDetectionResult", "DescribeScanResults"} {
				if c.cloud.Calls(action) == 0 {
					t.Errorf("%s was not called:\n%s\n%s", action, created, imported)
				}
			}
			failed := strings.Count(created, "Unable to ") + strings.Count(created, "Security gate incomplete: ")
			if failed < 2 || !strings.Contains(imported, "Unable to ") {
				t.Errorf("not all failed:\n%s\n%s", created, imported)
			}
			c.end()
		})
	}
}

func TestAccCanary_nothingLeaksFromResultsThatRepeatWhatWasSent(t *testing.T) {
	t.Parallel()
	c := newCage(t, false)
	c.Write(c.everything())
	c.cloud.OnAnswer("", c.echoes)
	c.do("plan", "-no-color") // the detection fails
	c.do("apply", "-auto-approve", "-no-color", "-target=data.ms_scan_results.app")
	if c.State("ms_scan_instance.app")["status"] != "failed" {
		t.Errorf("state %v", c.State("ms_scan_instance.app"))
	}
	c.document("show", "-json")
	c.end()
}

func TestAccCanary_nothingLeaksFromCredentialsThatFail(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "tccli")
	if err := os.Mkdir(broken, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "default.credential"), []byte(`{"secretId":"`+canaryID+`","secretKey":"`+keyMark), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		lines []string
		env   []string
		says  string
	}{
		"wrong key":             {env: []string{"TENCENTCLOUD_SECRET_KEY=" + wrongKey}, says: "AuthFailure"},
		"wrong token":           {env: []string{"TENCENTCLOUD_SECURITY_TOKEN=" + canaryToken + "x"}, says: "AuthFailure"},
		"key without id":        {env: []string{"TENCENTCLOUD_SECRET_ID="}, says: "secret_id"},
		"in the configuration":  {lines: []string{"secret_id = " + strconv.Quote(canaryID), "secret_key = " + strconv.Quote(wrongKey)}, says: "AuthFailure"},
		"half of it configured": {lines: []string{"secret_key = " + strconv.Quote(canaryKey)}, says: "secret_id"},
		"broken profile":        {lines: []string{"shared_credentials_dir = " + strconv.Quote(broken), `profile = "default"`}, says: "profile"},
		"URL with a password":   {lines: []string{`domain = "` + userMark + `:` + userMark + `@example.com"`}, says: "domain"},
		"proxy with a password": {env: []string{"HTTPS_PROXY=http://u:" + userMark + "@127.0.0.1:1", "TENCENTCLOUD_DOMAIN=tencentcloudapi.com"}, says: "proxyconnect"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCage(t, false, tt.env...)
			config := c.everything(tt.lines...)
			if strings.Contains(name, "URL with") || strings.Contains(name, "proxy") { // not by way of the tap
				config = strings.Replace(config, "endpoint_url    = "+strconv.Quote(c.tap.url), "", 1)
			}
			c.Write(config)
			if output := c.do("apply", "-auto-approve", "-no-color"); !strings.Contains(output, tt.says) {
				t.Errorf("no %q in\n%s", tt.says, output)
			}
			c.end()
		})
	}
}

func TestAccCanary_nothingLeaksFromAnInterruptedRun(t *testing.T) {
	t.Parallel()
	c := newCage(t, false)
	release := c.cloud.HoldScans()
	defer release()
	arrived, resume := c.cloud.BlockAnswer("DescribeScanResults")
	c.Write(c.everything())
	var output bytes.Buffer
	cmd := c.Command("apply", "-auto-approve", "-no-color")
	cmd.Env = append(cmd.Env, c.env...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-arrived
	_ = cmd.Process.Signal(os.Interrupt)
	resume()
	_ = cmd.Wait()
	c.check("the output of apply", output.String())
	c.document("show", "-json")
	c.end()
}
