package emulator

import (
	"slices"
	"strconv"
	"time"
)

// imageChoice is which images of one side a call of CreateVulScanTask is for.
type imageChoice struct {
	side *imageSide
	// names of the side's parameters
	scanType, ids, again, exclude, running string
	keys                                   []string
}

// createVulScanTask starts a task of one side or of both. Nothing is done where an image is unknown or
// not authorised, a task is running, or the quota does not cover all of them.
func (s *Server) createVulScanTask(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	t, now := &s.tcss, s.now()
	choices := []*imageChoice{
		{side: &t.local, scanType: "LocalImageScanType", ids: "LocalImageIDs", again: "LocalTaskID", exclude: "ExcludeLocalImageIDs", running: "LocalImageContainerRunning"},
		{side: &t.registry, scanType: "RegistryImageScanType", ids: "RegistryImageIDs", again: "RegistryTaskID", exclude: "ExcludeRegistryImageIDs", running: "RegistryImageContainerRunning"},
	}
	t.syncOn(now, false)
	total := 0
	for _, choice := range choices {
		if f := t.choose(choice, r, now); f != nil {
			return nil, f
		}
		total += len(choice.keys)
	}
	if total == 0 {
		return nil, fail("MissingParameter", "No images are chosen: LocalImageScanType or RegistryImageScanType is needed.")
	}
	if f := t.refuse(choices, total, now); f != nil {
		return nil, f
	}
	t.used += int64(total)
	submission := Submission{Time: now, Action: r.action, SecretID: r.secretID, RequestID: r.requestID}
	for _, choice := range choices {
		t.launch(choice, &submission, s.newCourse(now, 0))
	}
	s.callLog.submit(submission)
	return map[string]any{"LocalTaskID": submission.LocalTaskID, "RegistryTaskID": submission.RegistryTaskID}, nil
}

// choose finds the images of one side that a call names, by ids, by an earlier task, or by conditions.
func (t *tcssState) choose(c *imageChoice, r *request, now time.Time) *failure {
	scanType, ids := textOf(r.parameters[c.scanType]), keysIn(r.parameters[c.ids])
	switch {
	case r.parameters[c.again] != nil && number(r.parameters[c.again], 0) != 0:
		play := c.side.find(number(r.parameters[c.again], 0))
		if play == nil || len(play.keys) == 0 {
			return fail("ResourceNotFound", "The task of %s does not exist.", c.again)
		}
		ids = play.keys
	case len(ids) > 0 || scanType == "":
	case scanType == "IMAGEIDS":
		return fail("InvalidParameter.MissingParameter", "The parameter `%s` is missing.", c.ids)
	case scanType == "ALL", scanType == "NOT_SCAN", scanType == "CLUSTER" && c.side.isLocal:
		for _, key := range c.side.order {
			if t.meets(c, r, key, now) {
				ids = append(ids, key)
			}
		}
		if len(ids) == 0 {
			return fail("ResourceNotFound", "No image is to be scanned.")
		}
	default:
		return fail("InvalidParameter", "The value of %s is not known.", c.scanType)
	}
	slices.Sort(ids)
	return t.admit(c, slices.Compact(ids))
}

// keysIn are the keys of a list of ids, numbers or texts.
func keysIn(value any) (keys []string) {
	for _, id := range listOf(value) {
		keys = append(keys, shown(id))
	}
	return keys
}

// meets tells whether an image meets the conditions of a call.
func (t *tcssState) meets(c *imageChoice, r *request, key string, now time.Time) bool {
	image := c.side.images[key]
	return !image.Unauthorized && t.isListed(c.side, key) &&
		!slices.Contains(keysIn(r.parameters[c.exclude]), key) &&
		(r.parameters[c.running] != true || image.Running) &&
		(c.side.isLocal || r.parameters["IsLatest"] != true || !image.Outdated) &&
		(textOf(r.parameters[c.scanType]) != "NOT_SCAN" || t.standing(c.side, key, now).status == imageNotScan) &&
		(textOf(r.parameters[c.scanType]) != "CLUSTER" || slices.Contains(texts(r.parameters["LocalClusterIDs"]), t.localImages[key].ClusterID))
}

// admit takes the images that are there and authorised.
func (t *tcssState) admit(c *imageChoice, keys []string) *failure {
	for _, key := range keys {
		image := c.side.images[key]
		switch {
		case image == nil || !t.isListed(c.side, key):
			return fail("ResourceNotFound", "The image `%s` does not exist.", clip(key))
		case !image.Unauthorized:
			c.keys = append(c.keys, key)
		case t.scenario.Unauthorized == "refuse":
			return fail("ResourceUnavailable", "The image `%s` is not authorized.", clip(key))
		}
	}
	if len(keys) > 0 && len(c.keys) == 0 {
		return fail("ResourceUnavailable", "No image is authorized.")
	}
	return nil
}

// refuse tells whether a running task or the quota stands against a scan of the chosen images.
func (t *tcssState) refuse(choices []*imageChoice, total int, now time.Time) *failure {
	for i, c := range choices {
		for _, play := range c.side.running(now) {
			for j, other := range choices {
				shared := slices.ContainsFunc(other.keys, func(key string) bool { return i == j && slices.Contains(play.keys, key) })
				switch {
				case t.scenario.Busy == "account",
					t.scenario.Busy == "side" && i == j && len(other.keys) > 0,
					t.scenario.Busy == "image" && shared:
					return fail("ResourceInUse", "A vulnerability scan is running: task %d.", play.TaskID)
				}
			}
		}
	}
	if capacity := t.capacity(); capacity > 0 && t.used+int64(total) > capacity {
		return fail("FailedOperation", "The image scans left are not enough: %d of %d are used.", t.used, capacity)
	}
	return nil
}

// launch starts the task of one side and writes it into the ledger's entry.
func (t *tcssState) launch(c *imageChoice, submission *Submission, course course) {
	if len(c.keys) == 0 {
		return
	}
	started := t.scenario.Started
	task := &imageTask{TaskID: t.nextID(c.side), Status: started.Status, Answer: started.Answer}
	play := newImagePlay(task, course, c.keys)
	play.notScan, play.unlisted = started.NotScanPolls, started.UnlistedPolls
	c.side.plays = append(c.side.plays, play)
	if c.side.isLocal {
		submission.LocalTaskID, submission.LocalImageIDs = task.TaskID, c.keys
		return
	}
	submission.RegistryTaskID = task.TaskID
	for _, key := range c.keys {
		id, _ := strconv.ParseInt(key, 10, 64) // it is one by the scenario
		submission.RegistryImageIDs = append(submission.RegistryImageIDs, id)
		submission.RegistryDigests = append(submission.RegistryDigests, t.registryImages[key].Digest)
	}
}

// nextID is a free id for a task of a side, above those that calls started before.
func (t *tcssState) nextID(side *imageSide) int64 {
	taken := make(map[int64]bool)
	var all, started int64
	for _, play := range side.plays {
		taken[play.TaskID] = true
		all = max(all, play.TaskID)
		if play.course.started {
			started = max(started, play.TaskID)
		}
	}
	return freeID(t.scenario.NextTaskID, started, all, taken)
}

// freeID is the first free id from next on, if that is given, else the one above all.
func freeID(next, started, all int64, taken map[int64]bool) int64 {
	if next == 0 {
		return all + 1
	}
	next = max(next, started+1)
	for taken[next] {
		next++
	}
	return next
}

// BeginImageScan begins a task on images, as the console does: local ones by their ids, else those of
// registries by the ids of their rows. It is in no ledger, and nothing stands against it.
func (s *Server) BeginImageScan(ids ...string) (taskID int64) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	side := &s.tcss.registry
	if len(ids) > 0 && digestForm.MatchString(ids[0]) {
		side = &s.tcss.local
	}
	task := &imageTask{TaskID: s.tcss.nextID(side), Status: "SCANNED"}
	side.plays = append(side.plays, newImagePlay(task, s.newCourse(s.now(), 0), ids))
	return task.TaskID
}

// stopVulScanTask stops tasks, or only some of their images.
func (s *Server) stopVulScanTask(r *request) (map[string]any, *failure) {
	s.tcss.mu.Lock()
	defer s.tcss.mu.Unlock()
	now := s.now()
	var plays []*imagePlay
	var named [][]string
	for _, side := range []struct {
		*imageSide
		id, images string
	}{{&s.tcss.local, "LocalTaskID", "LocalImageIDs"}, {&s.tcss.registry, "RegistryTaskID", "RegistryImageIDs"}} {
		id := number(r.parameters[side.id], 0)
		if id == 0 {
			continue
		}
		play := side.find(id)
		if play == nil || !play.isRunning(now) {
			return nil, fail("FailedOperation", "The task of %s is not running.", side.id)
		}
		plays, named = append(plays, play), append(named, keysIn(r.parameters[side.images]))
	}
	if len(plays) == 0 {
		return nil, fail("FailedOperation", "No task is named.")
	}
	for i, play := range plays {
		play.cancel(named[i], now)
	}
	return nil, nil
}

// cancel stops some images of the task, or all; without any left the task has stopped.
func (p *imagePlay) cancel(keys []string, now time.Time) {
	for _, key := range keys {
		if _, in := p.index[key]; in {
			p.canceled[key] = true
		}
	}
	if len(keys) == 0 || len(p.canceled) == len(p.keys) {
		p.course.stop(now)
	}
}
