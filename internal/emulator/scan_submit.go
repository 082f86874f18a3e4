package emulator

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxApps is how many apps one call may submit (document 001).
const maxApps = 20

// scanTypes are the values of ScanTypes (api.md).
var scanTypes = []string{"VULSCAN", "VIRUSSCAN", "ADSCAN", "PLUGINSCAN", "PERMISSION", "SENSITIVE"}

// msState is what the ms service remembers.
type msState struct {
	slots chan struct{} // bounds the analyses that run at once

	mu         sync.Mutex
	quota      int64
	used       map[string]int64 // by account
	items      map[string]*item
	detections map[string]*task // by account and MD5
}

func (m *msState) start(quota int64) {
	m.slots = make(chan struct{}, concurrentAnalyses)
	m.quota = quota
	m.used = make(map[string]int64)
	m.items = make(map[string]*item)
	m.detections = make(map[string]*task)
}

// item is one accepted submission.
type item struct {
	account   string
	scanTypes []string
	apps      []submittedApp
}

// submittedApp is one accepted app: what was said of it, and its analysis.
type submittedApp struct {
	info map[string]any // the AppInfo without its URL
	task *task
}

// createScanInstances is document 001. Each accepted app takes one scan from the quota; where the
// quota does not cover all of them, none is accepted. A repeated call is a second scan.
func (s *Server) createScanInstances(r *request) (map[string]any, *failure) {
	infos := listOf(r.parameters["AppInfos"])
	scanInfo := objectOf(r.parameters["ScanInfo"])
	if f := checkSubmission(infos, scanInfo); f != nil {
		return nil, f
	}
	submission := Submission{
		Time: s.now(), Action: r.action, ItemID: newItemID(), SecretID: r.secretID, RequestID: r.requestID,
		AppMD5s: []string{}, RejectedMD5s: []string{}, ScanTypes: texts(scanInfo["ScanTypes"]),
	}
	var accepted []map[string]any
	echo := []string{} // as the client wrote them
	for _, element := range infos {
		info := objectOf(element)
		md5 := textOf(info["AppMd5"])
		if s.settings.rejected[strings.ToLower(md5)] {
			submission.RejectedMD5s = append(submission.RejectedMD5s, strings.ToLower(md5))
			continue
		}
		submission.AppMD5s = append(submission.AppMD5s, strings.ToLower(md5))
		accepted, echo = append(accepted, info), append(echo, md5)
	}
	left, enough := s.ms.take(r.account, int64(len(accepted)))
	if !enough {
		return nil, fail("LimitExceeded", "The quota limit is exceeded: %d scans left.", left)
	}

	s.ms.accept(submission.ItemID, &item{
		account: r.account, scanTypes: submission.ScanTypes, apps: s.startApps(accepted),
	})
	s.callLog.submit(submission)
	if callback := textOf(scanInfo["CallbackUrl"]); callback != "" {
		s.callBack(submission.ItemID, callback)
	}
	return map[string]any{
		"ItemId": submission.ItemID, "Progress": statusProcessing, "AppMd5s": echo,
		"LimitCount": left, "LimitTime": s.settings.limitTime,
	}, nil
}

// startApps begins the analysis of each app.
func (s *Server) startApps(infos []map[string]any) []submittedApp {
	var apps []submittedApp
	for _, info := range infos {
		kept := make(map[string]any, len(info))
		for name, value := range info {
			if name != "AppUrl" && value != nil {
				kept[name] = value
			}
		}
		apps = append(apps, submittedApp{
			info: kept,
			task: s.startTask(textOf(info["AppUrl"]), strings.ToLower(textOf(info["AppMd5"])), number(info["AppSize"], 0)),
		})
	}
	return apps
}

// checkSubmission checks the values of a submission whose form is right.
func checkSubmission(infos []any, scanInfo map[string]any) *failure {
	if len(infos) > maxApps {
		return fail("InvalidParameterValue", "AppInfos has %d elements, at most %d are allowed.", len(infos), maxApps)
	}
	seen := make(map[string]bool)
	for i, element := range infos {
		info := objectOf(element)
		md5 := strings.ToLower(textOf(info["AppMd5"]))
		if !isMD5(md5) || seen[md5] {
			return fail("InvalidParameterValue", "AppInfos.%d.AppMd5 is not an MD5, or is there twice.", i)
		}
		seen[md5] = true
		if !isWebURL(textOf(info["AppUrl"])) {
			return fail("InvalidParameterValue", "AppInfos.%d.AppUrl is not an HTTP URL.", i)
		}
		if number(info["AppSize"], 0) < 0 {
			return fail("InvalidParameterValue", "AppInfos.%d.AppSize is negative.", i)
		}
	}
	for _, scanType := range texts(scanInfo["ScanTypes"]) {
		if !slices.Contains(scanTypes, scanType) {
			return fail("InvalidParameterValue", "The scan type `%s` does not exist.", clip(scanType))
		}
	}
	if callback := textOf(scanInfo["CallbackUrl"]); callback != "" && !isWebURL(callback) {
		return fail("InvalidParameterValue", "ScanInfo.CallbackUrl is not an HTTP URL.")
	}
	return nil
}

func isMD5(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 32
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// newItemID has the form of the document's sample, as in shgugu-hiw72-334kd.
func newItemID() string {
	digits := randomHex(8)
	return digits[:6] + "-" + digits[6:11] + "-" + digits[11:]
}

// take takes n scans from an account's quota, all or none, and returns what is left.
func (m *msState) take(account string, n int64) (left int64, enough bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	left = m.quota - m.used[account]
	if n > left || left == 0 {
		return left, false
	}
	m.used[account] += n
	return left - n, true
}

func (m *msState) accept(itemID string, accepted *item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[itemID] = accepted
}

// find is the item of an account; another account's does not exist for it.
func (m *msState) find(account, itemID string) *item {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.items[itemID]; known != nil && known.account == account {
		return known
	}
	return nil
}

// SetQuota sets how many scans every account has left.
func (s *Server) SetQuota(n int) {
	s.ms.mu.Lock()
	defer s.ms.mu.Unlock()
	s.ms.quota = int64(n)
	s.ms.used = make(map[string]int64)
}

// callBack tells the client of each app once, when it is done, in the background. Polls count for
// done as elsewhere; the clock is looked at in short steps, since it may be a test's.
func (s *Server) callBack(itemID, callbackURL string) {
	s.ms.mu.Lock()
	apps := s.ms.items[itemID].apps
	s.ms.mu.Unlock()
	for _, app := range apps {
		s.running.Go(func() {
			ticker := time.NewTicker(callbackCheckPeriod)
			defer ticker.Stop()
			for !s.settle(s.ctx, app.task, false) {
				select {
				case <-ticker.C:
				case <-s.ctx.Done():
					return
				}
			}
			s.postCallback(callbackURL, map[string]any{"ItemId": itemID, "AppMd5": app.info["AppMd5"]})
		})
	}
}
