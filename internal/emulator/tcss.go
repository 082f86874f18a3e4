package emulator

import (
	"slices"
	"sync"
	"time"
)

// tcssState is the images and tasks of tcss that are being played.
type tcssState struct {
	mu       sync.Mutex
	scenario *imageScenario
	began    time.Time
	local    imageSide
	registry imageSide
	used     int64 // of the quota
	sync     syncPlay
	// the images of each side, by key
	localImages    map[string]*localImage
	registryImages map[string]*registryImage
}

// imageSide is the local images with their tasks, or those of registries.
type imageSide struct {
	isLocal bool
	plays   []*imagePlay
	images  map[string]*image
	order   []string // the keys of the images
}

func (t *tcssState) start(scenario *Scenario, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.scenario, t.began = &scenario.TCSS, now
	if quota := t.scenario.Quota; quota != nil {
		t.used = quota.Used
	}
	t.localImages, t.registryImages = make(map[string]*localImage), make(map[string]*registryImage)
	t.local.isLocal = true
	t.local.start(t.scenario.Local, now)
	for _, image := range t.scenario.LocalImages {
		t.localImages[image.ID] = image
		t.local.add(image.ID, &image.image)
	}
	t.registry.start(t.scenario.Registry, now)
	for _, image := range t.scenario.RegistryImages {
		t.registryImages[image.key()] = image
		t.registry.add(image.key(), &image.image)
	}
}

// start replaces the images and the scenario's tasks; tasks that calls started go on after them.
func (s *imageSide) start(tasks []*imageTask, now time.Time) {
	started := slices.DeleteFunc(s.plays, func(play *imagePlay) bool { return !play.course.started })
	s.plays, s.images, s.order = nil, make(map[string]*image), nil
	for _, task := range tasks {
		keys := make([]string, len(task.ImageIDs))
		for i, id := range task.ImageIDs {
			keys[i] = shown(id)
		}
		s.plays = append(s.plays, newImagePlay(task, newCourse(task.pace, now), keys))
	}
	s.plays = append(s.plays, started...)
}

func (s *imageSide) add(key string, image *image) {
	s.images[key] = image
	s.order = append(s.order, key)
}

// last is the side's last task, or nil.
func (s *imageSide) last() *imagePlay {
	for _, play := range slices.Backward(s.plays) {
		if !play.forgotten {
			return play
		}
	}
	return nil
}

// find is the task with an id, or nil.
func (s *imageSide) find(id int64) *imagePlay {
	for _, play := range s.plays {
		if play.TaskID == id && !play.forgotten {
			return play
		}
	}
	return nil
}

// running are the tasks on their way. Of a scenario's tasks only the last one may be.
func (s *imageSide) running(now time.Time) (running []*imagePlay) {
	for _, play := range s.plays {
		if (play.course.started || play == s.last()) && !play.forgotten && play.isRunning(now) {
			running = append(running, play)
		}
	}
	return running
}

// poll counts a look at the images as a poll of the side's last task.
func (s *imageSide) poll(now time.Time, r *request) {
	if play := s.last(); play != nil && number(r.parameters["Offset"], 0) == 0 {
		play.course.percent(now, true)
	}
}

// imagePlay is one task on its way.
type imagePlay struct {
	*imageTask
	course    course
	keys      []string // of the images; none where the scenario gives only counts
	index     map[string]int
	canceled  map[string]bool
	forgotten bool
	// notScan and unlisted are the answers to come that say NOT_SCAN, or tell of another task.
	notScan, unlisted int
}

func newImagePlay(task *imageTask, course course, keys []string) *imagePlay {
	play := &imagePlay{imageTask: task, course: course, keys: keys, index: make(map[string]int), canceled: make(map[string]bool)}
	for i, key := range keys {
		play.index[key] = i
	}
	return play
}

func (p *imagePlay) isRunning(now time.Time) bool {
	if p.course.started || p.Status == "SCANNED" {
		return p.course.isRunning(now)
	}
	return p.Status == "SCANNING" // the scenario has it stay so
}

// The statuses of an image within a task, in the words of the filter.
const (
	imageWaits    = "WAIT_SCAN"
	imageScanning = "SCANNING"
	imageScanned  = "SCANNED"
	imageFailed   = "SCAN_ERR"
	imageCanceled = "CANCELED"
	imageNotScan  = "NOT_SCAN"
)

// statusOf is the status of one of the task's images. Images finish in order.
func (p *imagePlay) statusOf(key string, image *image, now time.Time) string {
	position := p.index[key]
	finished := int(float64(len(p.keys)) * p.course.percent(now, false) / 100)
	if p.Status != "SCANNED" {
		finished = min(finished, len(p.keys)-1)
	}
	switch {
	case p.Status == "NOT_SCAN":
		return imageWaits
	case p.canceled[key]:
		return imageCanceled
	case position < finished && image != nil && image.Error != "":
		return imageFailed
	case position < finished:
		return imageScanned
	case p.course.stopped || (p.Status == "CANCELED" && !p.isRunning(now)):
		return imageCanceled
	case position == finished:
		return imageScanning
	}
	return imageWaits
}

// imageStanding is how an image stands after all tasks that scan it.
type imageStanding struct {
	status  string
	err     string
	scanned time.Time
	percent int
	left    time.Duration
	// known: some scan finished, so that there are findings to tell.
	known bool
}

// standing follows the tasks of an image back, to the one that tells how it stands.
func (t *tcssState) standing(side *imageSide, key string, now time.Time) imageStanding {
	image := side.images[key]
	stand := imageStanding{status: image.Status, err: image.Error}
	switch image.Status {
	case imageScanned:
		stand.scanned, stand.percent, stand.known, stand.err = t.began.Add(-time.Duration(image.Age)), 100, true, ""
	case imageFailed:
		stand.scanned = t.began.Add(-time.Duration(image.Age))
	default:
		stand.err = ""
	}
	for _, play := range side.plays {
		if _, in := play.index[key]; in {
			stand = play.after(stand, key, image, now)
		}
	}
	return stand
}

// after is how an image stands after a task, given how it stood before.
func (p *imagePlay) after(before imageStanding, key string, image *image, now time.Time) imageStanding {
	ended := p.course.ended
	if ended.IsZero() {
		ended = p.course.began
	}
	switch p.statusOf(key, image, now) {
	case imageScanned:
		return imageStanding{status: imageScanned, scanned: ended, percent: 100, known: true}
	case imageFailed:
		return imageStanding{status: imageFailed, err: image.Error, scanned: ended, known: before.known}
	case imageScanning, imageWaits:
		if p.Status == "NOT_SCAN" {
			return before
		}
		before.status, before.err = imageScanning, ""
		before.percent = int(p.course.percent(now, false))
		before.left = p.course.left(now)
	}
	return before
}
