package examples_test

import (
	"testing"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

// The statements about exceptions and baseline in the guide "Gate a release".

// exception is one for the debuggable sample package.
func exception(expiresAt string) string {
	return `exception {
      category = "vulnerability"
      id = "` + emulator.VulIDDebuggable + `"
      reason = "r"
      expires_at = "` + expiresAt + `"
      }`
}

func TestAccExceptions_end(t *testing.T) {
	t.Parallel()
	in := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	s := newStage(t, "")
	s.build("insecure.apk")
	s.write(gated(exception(in(20))))
	s.Apply().Succeeds().DoesNotSay("Exception expire")
	// A date is valid through that day.
	for {
		today := in(0)
		s.write(gated(exception(today)))
		applied := s.Apply()
		if in(0) != today {
			continue // midnight passed on the way
		}
		applied.Succeeds().Says("Warning: Exception expire")
		break
	}
	s.write(gated(exception(in(-1))))
	s.Plan().Fails().Says(stopped, "Warning: Exception expire")
	s.write(gated(exception("next week")))
	s.Plan().Fails().Says("Error: Invalid gate", "expires_at")
}

func TestAccExceptions_breakGlassIsForOneFile(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/exceptions")
	s.build("infected.apk")
	s.Apply().Succeeds()
	verdict, _ := s.State("data.ms_scan_results.app")["verdict"].(map[string]any)
	if until, _ := verdict["valid_until"].(string); verdict["excepted_count"] != 1.0 || until == "" {
		t.Errorf("verdict %v", verdict)
	}
	s.Run("output", "unused_exceptions").Succeeds().Says("vulnerability/" + emulator.VulIDDebuggable)

	// The next file that is infected likewise is not covered.
	s.edit("gate.tf", "app_md5    = local.package_md5", `app_md5    = "`+s.cloud.MD5("clean.apk")+`"`)
	s.Plan().Fails().Says(stopped, emulator.VirusName)
}

func TestAccExceptions_deniedIDCannotBeExcepted(t *testing.T) {
	t.Parallel()
	s := newStage(t, "")
	s.write(gated(exception("2099-01-01"), `denied {
      category = "vulnerability"
      id       = "`+emulator.VulIDDebuggable+`"
    }`))
	s.Plan().Fails().Says("Error: Invalid gate", "a denied finding cannot be excepted")
}

func TestAccBaseline_recordedFindingsDoNotCountButVirusesDo(t *testing.T) {
	t.Parallel()
	s := newStage(t, "guides/baseline")
	s.build("insecure.apk")
	s.Apply().Succeeds().Says("Warning: Security gate")
	recorded := s.Run("output", "-json", "fingerprints").Succeeds().Output
	s.put("baseline.json", recorded)
	s.Apply().Succeeds().DoesNotSay("Security gate")
	verdict, _ := s.State("data.ms_scan_results.app")["verdict"].(map[string]any)
	if verdict["outcome"] != "pass" || verdict["baselined_count"] == 0.0 {
		t.Errorf("verdict %v", verdict)
	}
	s.build("infected.apk")
	s.Apply().Fails().Says(stopped, emulator.VirusName)
	s.Run("output", "-json", "fingerprints")
}
