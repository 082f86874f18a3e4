package emulator

import (
	"strconv"
	"strings"
)

// describeApkDetectionResult is document 002. The first call for an MD5 starts its analysis; until it
// is ready the answer is "ok" with an empty ResultList. Asking again is harmless, except that a
// failed download, or one of another file, is tried again when another link is given.
func (s *Server) describeApkDetectionResult(r *request) (map[string]any, *failure) {
	link, md5 := textOf(r.parameters["ApkUrl"]), strings.ToLower(textOf(r.parameters["ApkMd5"]))
	if !isWebURL(link) {
		return nil, fail("InvalidParameterValue", "ApkUrl is not an HTTP URL.")
	}
	if !isMD5(md5) {
		return nil, fail("InvalidParameterValue", "ApkMd5 is not an MD5.")
	}
	t := s.detection(r.account, link, md5)
	answer := map[string]any{"Result": "ok", "Reason": "success", "ResultList": []any{}}
	if s.settle(r.ctx, t, true) {
		answer["ResultList"] = []any{s.detectionRow(t)}
	}
	return answer, nil
}

// detection is the task of an account's MD5, started if need be.
func (s *Server) detection(account, link, md5 string) *task {
	key := account + "/" + md5
	s.ms.mu.Lock()
	defer s.ms.mu.Unlock()
	t := s.ms.detections[key]
	if t == nil || (t.url != link && t.linkFailed()) {
		t = s.startTask(link, md5, 0)
		s.ms.detections[key] = t
	}
	return t
}

// linkFailed tells whether a task has ended because of its link.
func (t *task) linkFailed() bool {
	select {
	case <-t.done:
		return t.result.code == codeDownloadFailed || t.result.code == codeMD5Differs
	default:
		return false
	}
}

// ForgetDetection makes the service forget an MD5 (any case), so that the next call analyses it anew.
// It tells whether it was there.
func (s *Server) ForgetDetection(md5 string) bool {
	s.ms.mu.Lock()
	defer s.ms.mu.Unlock()
	forgotten := false
	for key := range s.ms.detections {
		if strings.HasSuffix(key, "/"+strings.ToLower(md5)) {
			delete(s.ms.detections, key)
			forgotten = true
		}
	}
	return forgotten
}

// detectionRow is one ResultListItem: every value a text, as document 002 and the SDK have it.
func (s *Server) detectionRow(t *task) map[string]any {
	row := map[string]any{
		"Md5": t.md5, "Sid": "sid-" + t.md5[:12], "SoftName": "", "Official": "0", "RepackageStatus": "0",
		"SafeType": strconv.Itoa(safeTypeUnknown), "VirusName": "", "VirusDesc": "",
		"Errno": "0", "ErrMsg": "success", "PluginList": []any{}, "OptPluginList": []any{},
	}
	for _, ads := range adLists {
		row[ads.detectionField] = "-1"
	}
	if f := t.result.found; f != nil {
		fillDetection(row, f)
	}
	if t.result.code != codeOK {
		row["Errno"], row["ErrMsg"] = strconv.Itoa(t.result.code), t.result.reason
	}
	if s.settings.sdkNames {
		row["ErrNo"] = row["Errno"]
	}
	return row
}

// fillDetection puts what was found into a row.
func fillDetection(row map[string]any, f *found) {
	row["SafeType"] = strconv.Itoa(safeTypeSafe)
	if f.virus != nil {
		row["SafeType"] = strconv.Itoa(safeTypeVirus)
		row["VirusName"], row["VirusDesc"] = f.virus.name, f.virus.description
	}
	if row["SoftName"] = f.facts.Label; f.facts.Label == "" {
		row["SoftName"] = f.facts.Package
	}
	ads, others := []any{}, []any{}
	shown := make(map[adType]bool)
	for _, sdk := range f.sdks {
		entry := map[string]any{
			"PluginType": strconv.Itoa(int(sdk.ad)), "PluginName": sdk.name, "PluginDesc": sdk.description(),
		}
		if sdk.ad == adNone {
			others = append(others, entry)
			continue
		}
		ads, shown[sdk.ad] = append(ads, entry), true
	}
	row["PluginList"], row["OptPluginList"] = ads, others
	for _, list := range adLists {
		row[list.detectionField] = "0"
		if shown[list.ad] {
			row[list.detectionField] = "1"
		}
	}
}
