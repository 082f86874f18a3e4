package emulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// syncPlay is the synchronisation of the registries on its way.
type syncPlay struct {
	began      time.Time
	polls      int
	isRunning  bool
	registries []int64         // none is all
	listed     map[string]bool // the images that it brought, by key
	succeeded  time.Time
	err        string
}

// syncAssetImageRegistryAsset starts a synchronisation, unless one is under way.
func (s *Server) syncAssetImageRegistryAsset(r *request) (map[string]any, *failure) {
	ids := listOf(r.parameters["RegistryIds"])
	if r.parameters["All"] != true && len(ids) == 0 {
		return nil, fail("InvalidParameter", "All or RegistryIds is needed.")
	}
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	s.tcss.syncOn(s.now(), false)
	play := &s.tcss.sync
	if play.isRunning {
		return nil, nil
	}
	play.began, play.polls, play.isRunning, play.registries = s.now(), 0, true, nil
	if r.parameters["All"] != true {
		for _, id := range ids {
			play.registries = append(play.registries, number(id, 0))
		}
	}
	return nil, nil
}

// syncOn moves the synchronisation on; a poll is counted if the call is one.
func (t *tcssState) syncOn(now time.Time, poll bool) {
	play, rules := &t.sync, &t.scenario.Sync
	if !play.isRunning {
		return
	}
	before := play.polls
	if poll {
		play.polls++
	}
	if before < rules.Polls || now.Before(play.began.Add(time.Duration(rules.Duration))) {
		return
	}
	play.isRunning = false
	chosen := func(id int64) bool { return len(play.registries) == 0 || slices.Contains(play.registries, id) }
	if play.listed == nil {
		play.listed = make(map[string]bool)
	}
	for _, image := range t.scenario.RegistryImages {
		_, fails := rules.Failures[strconv.FormatInt(image.RegistryID, 10)]
		if chosen(image.RegistryID) && !fails {
			play.listed[image.key()] = true
		}
	}
	var failed []string
	for _, text := range slices.Sorted(maps.Keys(rules.Failures)) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && chosen(id) {
			failed = append(failed, rules.Failures[text])
		}
	}
	play.err = strings.Join(failed, "; ")
	if play.err == "" {
		play.succeeded = now
	}
}

// describeAssetImageRegistryAssetStatus tells of the last synchronisation.
func (s *Server) describeAssetImageRegistryAssetStatus(*request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	s.tcss.syncOn(s.now(), true)
	play := &s.tcss.sync
	status, succeeded := "success", play.succeeded
	switch {
	case play.isRunning:
		status = "doing"
	case play.err != "":
		status = "failed"
	}
	if succeeded.IsZero() {
		succeeded = s.tcss.began // the service had done one before
	}
	return map[string]any{"Status": status, "Err": play.err, "LatestSyncSuccessTime": serviceTime(succeeded)}, nil
}

// isListed tells whether the lists have an image, or only a synchronisation will bring it.
func (t *tcssState) isListed(side *imageSide, key string) bool {
	if side.isLocal {
		return true
	}
	image := t.registryImages[key]
	return image != nil && (!image.AfterSync || t.sync.listed[key])
}
