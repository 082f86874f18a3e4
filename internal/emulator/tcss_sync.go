package emulator

import (
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
	registries []int64 // none is all
	done       []int64 // registries whose images are listed since
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
	play.isRunning, play.err = false, ""
	var failed []string
	for _, id := range t.registryIDs() {
		if len(play.registries) > 0 && !slices.Contains(play.registries, id) {
			continue
		}
		if reason, fails := rules.Failures[strconv.FormatInt(id, 10)]; fails {
			failed = append(failed, reason)
			continue
		}
		play.done = append(play.done, id)
	}
	play.err = strings.Join(failed, "; ")
	if play.err == "" {
		play.succeeded = now
	}
}

// registryIDs are the registries of the images and of the failures, once each.
func (t *tcssState) registryIDs() (ids []int64) {
	for _, image := range t.scenario.RegistryImages {
		ids = append(ids, image.RegistryID)
	}
	for text := range t.scenario.Sync.Failures {
		id, _ := strconv.ParseInt(text, 10, 64) // it is one by the scenario
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
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
	return image != nil && (!image.AfterSync || slices.Contains(t.sync.done, image.RegistryID))
}
