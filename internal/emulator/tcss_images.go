package emulator

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"strings"
	"time"
)

// imageRow are the fields that the rows of both image lists have alike.
func (t *tcssState) imageRow(side *imageSide, key string, stand imageStanding) map[string]any {
	image := side.images[key]
	counts := imageCounts{}
	if stand.known {
		counts = t.count(image)
	}
	return map[string]any{
		"ImageSize": 52428800, "ScanTime": serviceTime(stand.scanned), "ScanStatus": stand.status, "ScanVulError": stand.err,
		"VulCnt": counts.total, "VirusCnt": image.Viruses, "RiskCnt": image.Risks,
		"CriticalLevelVulCnt": counts.bySeverity["critical"], "HighLevelVulCnt": counts.bySeverity["high"],
		"MediumLevelVulCnt": counts.bySeverity["medium"], "LowLevelVulCnt": counts.bySeverity["low"],
		"IsAuthorized": authorized(image), "IsLatestImage": !image.Outdated, "IsTrustImage": false, "OsName": "Debian 12",
		"ContainerCnt": number01(image.Running), "ComponentCnt": len(image.findings), "RecommendedFix": counts.total > 0,
		"Solution": "", "Reason": stand.err,
	}
}

func authorized(i *image) int { return number01(!i.Unauthorized) }

// number01 is a Boolean as the services like to write it.
func number01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// registryRow is one ImageRepoInfo.
func (t *tcssState) registryRow(key string, now time.Time) map[string]any {
	image := t.registryImages[key]
	stand := t.standing(&t.registry, key, now)
	row := t.imageRow(&t.registry, key, stand)
	virus := imageNotScan
	if image.Viruses > 0 {
		virus = imageScanned
	}
	name := image.RepoAddress[strings.LastIndex(image.RepoAddress, "/")+1:]
	namespace := strings.TrimSuffix(strings.TrimSuffix(image.RepoAddress, name), "/")
	namespace = namespace[strings.LastIndex(namespace, "/")+1:]
	maps.Copy(row, map[string]any{
		"Id": image.ID, "ImageDigest": image.Digest, "ImageRepoAddress": image.RepoAddress, "ImageTag": image.Tag,
		"ImageName": name, "Namespace": namespace, "RegistryType": "ccr", "RegistryRegion": "", "InstanceId": "", "InstanceName": "",
		"ImageId": configDigest(image.Digest), "ImageCreateTime": nil, "SentiveInfoCnt": image.Risks, "SensitiveInfoCnt": image.Risks,
		"CveStatus": stand.status, "VirusStatus": virus, "RiskStatus": imageNotScan, "ScanVirusError": "", "ScanRiskError": "",
		"ScanVulProgress": stand.percent, "ScanVirusProgress": 0, "ScanRiskProgress": 0, "Progress": stand.percent,
		"ScanRemainTime": int64(stand.left.Seconds()), "IsRunning": image.Running, "HasNeedFixVul": row["CriticalLevelVulCnt"] != 0,
	})
	maps.Copy(row, image.Row)
	return row
}

// configDigest is an image id that belongs to a digest: the two are never the same.
func configDigest(digest string) string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(digest)))
}

// localStatuses are the words of the filter of DescribeAssetImageList.
var localStatuses = map[string]string{
	imageNotScan: "notScan", imageScanning: "scanning", imageScanned: "scanned", imageFailed: "scanErr",
}

// localRow is one ImagesInfo.
func (t *tcssState) localRow(key string, now time.Time) map[string]any {
	image := t.localImages[key]
	stand := t.standing(&t.local, key, now)
	row := t.imageRow(&t.local, key, stand)
	delete(row, "ImageSize")
	if stand.err == "" {
		row["ScanVulError"] = "No Error"
	}
	if t.scenario.Statuses == "texts" {
		row["ScanStatus"] = localStatuses[stand.status]
	}
	maps.Copy(row, map[string]any{
		"ImageID": image.ID, "ImageName": image.Name, "CreateTime": serviceTime(t.began), "Size": 52428800,
		"HostCnt": 1, "SuperNodeCnt": 0, "AgentError": "", "ScanError": "", "ScanVirusError": "No Error",
		"ScanRiskError": "No Error", "IsSuggest": 0,
	})
	maps.Copy(row, image.Row)
	return row
}

// registryFilters are the filters of DescribeAssetImageRegistryList: the documents know only
// IsAuthorized, those of its siblings the others.
var registryFilters = map[string]filterRule{
	"IsAuthorized": equal("IsAuthorized"), "ImageName": fuzzy("ImageName"), "ScanStatus": scanStatus, "ImageAssetIds": equal("Id"),
}

// scanStatus compares a status in the words of the rows or of the filters.
func scanStatus(row map[string]any, value string, _ bool) bool {
	have := shown(row["ScanStatus"])
	return value == "all" || value == have || value == localStatuses[have] || localStatuses[value] == have
}

// localFilters are the filters of DescribeAssetImageList.
var localFilters = map[string]filterRule{
	"ImageName": fuzzy("ImageName"), "ImageID": fuzzy("ImageID"), "ScanStatus": scanStatus, "SecurityRisk": securityRisk,
}

// securityRisk compares the name of a counter, or IsTrustImage.
func securityRisk(row map[string]any, value string, _ bool) bool {
	if value == "IsTrustImage" {
		return row[value] == true
	}
	count, found := row[value]
	if !found {
		count, found = row[value+"Cnt"]
	}
	return found && shown(count) != "0"
}

// describeAssetImageRegistryList is the rows of the images of registries.
func (s *Server) describeAssetImageRegistryList(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	t, now := &s.tcss, s.now()
	t.syncOn(now, false)
	t.registry.poll(now, r)
	var keys []string
	for _, key := range t.registry.order {
		image := t.registryImages[key]
		if t.isListed(&t.registry, key) && (r.parameters["OnlyShowLatest"] != true || !image.Outdated) &&
			(r.parameters["IsRunning"] != true || image.Running) {
			keys = append(keys, key)
		}
	}
	return s.answerImages(r, keys, registryFilters, t.registryRow, now)
}

// describeAssetImageList is the rows of local images.
func (s *Server) describeAssetImageList(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	now := s.now()
	s.tcss.local.poll(now, r)
	return s.answerImages(r, s.tcss.local.order, localFilters, s.tcss.localRow, now)
}

func (s *Server) answerImages(r *request, keys []string, filters map[string]filterRule, row func(string, time.Time) map[string]any, now time.Time) (map[string]any, *failure) {
	return s.answerList(r, listing{
		invalid: "InvalidParameter", size: len(keys), filters: filters, unknown: s.tcss.scenario.UnknownFilters,
		row: func(i int) map[string]any { return row(keys[i], now) },
	})
}

// answerList is the answer of the lists of tcss.
func (s *Server) answerList(r *request, l listing) (map[string]any, *failure) {
	rows, total, f := s.page(r, l)
	if f != nil {
		return nil, f
	}
	return plain(map[string]any{"List": rows, "TotalCount": total})
}

// taskStatuses are the words that the text of VulScanImageInfo has for a status.
var taskStatuses = map[string]string{
	imageWaits: "SCANNING", imageScanning: "SCANNING", imageScanned: "FINISHED", imageFailed: "FAILED", imageCanceled: "CANCELED",
}

// describeVulScanLocalImageList is the images of a local task.
func (s *Server) describeVulScanLocalImageList(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	t, now := &s.tcss, s.now()
	play := t.local.find(number(r.parameters["TaskID"], 0))
	if play == nil {
		return nil, fail("ResourceNotFound", "The task does not exist.")
	}
	play.course.percent(now, number(r.parameters["Offset"], 0) == 0)
	return s.answerList(r, listing{
		invalid: "InvalidParameterValue", size: len(play.keys),
		row: func(i int) map[string]any { return t.taskRow(play, play.keys[i], now) },
		filters: map[string]filterRule{
			"ImageID": fuzzy("ImageID"), "ImageName": fuzzy("ImageName"),
			"ScanStatus": func(row map[string]any, value string, _ bool) bool {
				have := shown(row["ScanStatus"])
				return value == have || taskStatuses[value] == have
			},
			"OnlyAffectedNewestImage": func(row map[string]any, value string, _ bool) bool {
				image := t.local.images[shown(row["ImageID"])]
				return value != "true" || (image != nil && !image.Outdated)
			},
		},
	})
}

// taskRow is one VulScanImageInfo.
func (t *tcssState) taskRow(play *imagePlay, key string, now time.Time) map[string]any {
	row := map[string]any{
		"ImageID": key, "ImageName": "", "Size": 50.0, "ScanDuration": nil, "TaskID": play.TaskID, "ErrorStatus": "0",
		"CriticalLevelVulCount": 0, "HighLevelVulCount": 0, "MediumLevelVulCount": 0, "LowLevelVulCount": 0,
		"ScanStartTime": serviceTime(play.course.began), "ScanEndTime": "",
	}
	image := t.localImages[key]
	if image == nil { // of an earlier scenario
		row["ScanStatus"] = play.statusOf(key, nil, now)
		return row
	}
	row["ImageName"] = image.Name
	status := play.statusOf(key, &image.image, now)
	if status == imageScanned || status == imageFailed {
		row["ScanEndTime"] = serviceTime(play.course.ended)
		row["ScanDuration"] = play.course.ended.Sub(play.course.began).Seconds()
	}
	if status == imageScanned {
		counts := t.count(&image.image)
		row["CriticalLevelVulCount"], row["HighLevelVulCount"] = counts.bySeverity["critical"], counts.bySeverity["high"]
		row["MediumLevelVulCount"], row["LowLevelVulCount"] = counts.bySeverity["medium"], counts.bySeverity["low"]
	}
	if status == imageFailed {
		row["ErrorStatus"] = image.Error
	}
	if t.scenario.Statuses == "texts" {
		status = taskStatuses[status]
	}
	row["ScanStatus"] = status
	return row
}
