package emulator

import (
	"fmt"
	"strconv"
)

// imageScenario is the part of a scenario that tcss plays.
type imageScenario struct {
	// Local and Registry are the tasks of each side, in order of time: the last is the last scan.
	Local    []*imageTask `json:"local"`
	Registry []*imageTask `json:"registry"`

	LocalImages    []*localImage    `json:"local_images"`
	RegistryImages []*registryImage `json:"registry_images"`
	Ignored        []*ignoredVul    `json:"ignored"`
	Quota          *imageQuota      `json:"quota"`
	Sync           registrySync     `json:"sync"`
	Started        startedScan      `json:"started"`

	// NextTaskID is the id of the first task that a call starts; 0 is one above all others.
	NextTaskID int64 `json:"next_task_id"`
	// Levels is what Level of a vulnerability is like.
	Levels string `json:"levels"`
	// Statuses are the words of the documents' samples, or those of their texts.
	Statuses string `json:"statuses"`
	// Counters of an image count its rows, or its distinct CVEs.
	Counters string `json:"counters"`
	// CountIgnored: the counters count ignored vulnerabilities, too.
	CountIgnored bool `json:"count_ignored"`
	// Busy is where one running task refuses another.
	Busy string `json:"busy"`
	// Unauthorized images are refused, or left out of the task.
	Unauthorized string `json:"unauthorized"`
	// UnknownFilters of an image list are refused, ignored, or match nothing.
	UnknownFilters string `json:"unknown_filters"`
}

// Values of the settings above, the default first.
var (
	levelVocabularies  = []string{"numbers", "reversed", "words"}
	statusVocabularies = []string{"samples", "texts"}
	counterKinds       = []string{"rows", "cves"}
	busyScopes         = []string{"account", "side", "image", "none"}
	unauthorizedFates  = []string{"refuse", "leave_out"}
	unknownFilterFates = []string{unknownRefused, unknownIgnored, unknownNothing}
)

// imageTask is one task of tcss, for local images or for those of registries.
type imageTask struct {
	pace
	TaskID          int64  `json:"task_id"`
	Status          string `json:"status"`
	Images          int    `json:"images"`
	RiskImages      int    `json:"risk_images"`
	Vulnerabilities int    `json:"vulnerabilities"`
	Ignored         int    `json:"ignored"`
	// ImageIDs are the images of the scenario that it scans: all counts are then theirs.
	ImageIDs []any          `json:"image_ids"`
	Answer   map[string]any `json:"answer"`
}

// startedScan is how tasks that calls start behave, beyond the server's scan duration, polls and holds.
type startedScan struct {
	// NotScanPolls answers say NOT_SCAN first.
	NotScanPolls int `json:"not_scan_polls"`
	// UnlistedPolls answers tell of the task before it first.
	UnlistedPolls int `json:"unlisted_polls"`
	// Status at the end.
	Status string         `json:"status"`
	Answer map[string]any `json:"answer"`
}

// imageQuota is ImageScanInquireInfo of DescribeImageAuthorizedInfo.
type imageQuota struct {
	Capacity int64          `json:"capacity"`
	Used     int64          `json:"used"`
	Answer   map[string]any `json:"answer"`
}

// registrySync is what a synchronisation of the registries does.
type registrySync struct {
	Duration Duration `json:"duration"`
	// Polls answers say doing first.
	Polls int `json:"polls"`
	// Failures are the errors of registries that cannot be synchronised, by RegistryId.
	Failures map[string]string `json:"failures"`
}

// ignoredVul is a vulnerability that the service is set to ignore.
type ignoredVul struct {
	CVEID          string `json:"cve_id"`
	POCID          string `json:"poc_id"`
	Name           string `json:"name"`
	All            bool   `json:"all"`
	LocalImages    int    `json:"local_images"`
	RegistryImages int    `json:"registry_images"`
	// Hidden: no list of an image has a row of it.
	Hidden bool           `json:"hidden"`
	Row    map[string]any `json:"row"`
}

func (t *imageTask) check() error {
	if err := checkWord("status", &t.Status, "SCANNED", "NOT_SCAN", "SCANNING", "CANCELED"); err != nil {
		return err
	}
	if len(t.ImageIDs) > 0 && t.Images+t.RiskImages+t.Vulnerabilities+t.Ignored != 0 {
		return fmt.Errorf("image_ids and counts exclude each other")
	}
	return t.pace.check()
}

func (t *imageScenario) check() error {
	for _, word := range []struct {
		key     string
		value   *string
		allowed []string
	}{
		{"levels", &t.Levels, levelVocabularies}, {"statuses", &t.Statuses, statusVocabularies},
		{"counters", &t.Counters, counterKinds}, {"busy", &t.Busy, busyScopes},
		{"unauthorized", &t.Unauthorized, unauthorizedFates}, {"unknown_filters", &t.UnknownFilters, unknownFilterFates},
		{"started: status", &t.Started.Status, []string{"SCANNED", "NOT_SCAN", "CANCELED"}},
	} {
		if err := checkWord(word.key, word.value, word.allowed...); err != nil {
			return err
		}
	}
	if t.Started.NotScanPolls < 0 || t.Started.UnlistedPolls < 0 || t.Sync.Polls < 0 || t.Sync.Duration < 0 || t.NextTaskID < 0 {
		return fmt.Errorf("a number is negative")
	}
	if t.Quota != nil && (t.Quota.Capacity < 0 || t.Quota.Used < 0) {
		return fmt.Errorf("quota: a number is negative")
	}
	for id := range t.Sync.Failures {
		if _, err := strconv.ParseInt(id, 10, 64); err != nil {
			return fmt.Errorf("sync: failures: %q is no id of a registry", id)
		}
	}
	err := checkAll("local_images", t.LocalImages, (*localImage).check)
	if err == nil {
		err = checkAll("registry_images", t.RegistryImages, (*registryImage).check)
	}
	if err == nil {
		err = checkAll("ignored", t.Ignored, func(*ignoredVul) error { return nil })
	}
	if err == nil {
		err = checkTasks("local", t.Local, keysOf(t.LocalImages))
	}
	if err == nil {
		err = checkTasks("registry", t.Registry, keysOf(t.RegistryImages))
	}
	return err
}

// keyed is an image of either side.
type keyed interface{ key() string }

func keysOf[T keyed](images []T) (keys []string) {
	for _, image := range images {
		keys = append(keys, image.key())
	}
	return keys
}

// checkTasks checks the tasks of a side, whose images must be there, each once.
func checkTasks(name string, tasks []*imageTask, keys []string) error {
	if twice := doubled(keys); twice != "" {
		return fmt.Errorf("%s_images: the id %s is there twice", name, twice)
	}
	known := make(map[string]bool, len(keys))
	for _, key := range keys {
		known[key] = true
	}
	return checkAll(name, tasks, func(t *imageTask) error {
		for _, id := range t.ImageIDs {
			if !known[shown(id)] {
				return fmt.Errorf("there is no image %v", id)
			}
		}
		return t.check()
	})
}
