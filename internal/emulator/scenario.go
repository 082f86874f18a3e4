package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// Scenario holds the tasks, hosts and images of cwp and tcss, which the emulator plays and does not
// carry out. Its JSON form is [ScenarioFormat].
type Scenario struct {
	CWP  hostScenario  `json:"cwp"`
	TCSS imageScenario `json:"tcss"`
	// Shifts change lists between calls.
	Shifts []shift `json:"shifts"`
	// Answers are fields, by action, that beat the computed ones of every answer.
	Answers map[string]map[string]any `json:"answers"`
}

// pace is how a task moves on.
type pace struct {
	// Progress is the per cent that each poll sees, the last one for good.
	Progress []int `json:"progress"`
	// Duration, from the first poll on, moves progress evenly from 0 to 100.
	Duration Duration `json:"duration"`
	// Age is how long before the server started the task began.
	Age Duration `json:"age"`
}

// ParseScenario reads a scenario. Unknown keys and values that make no sense are errors.
func ParseScenario(document []byte) (*Scenario, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	scenario := &Scenario{}
	if err := decoder.Decode(scenario); err != nil {
		return nil, fmt.Errorf("emulator: scenario: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("emulator: scenario: it goes on after its JSON object")
	}
	if err := scenario.check(); err != nil {
		return nil, fmt.Errorf("emulator: scenario: %w", err)
	}
	return scenario, nil
}

func (s *Scenario) check() error {
	for i, change := range s.Shifts {
		if err := change.check(); err != nil {
			return fmt.Errorf("shifts[%d]: %w", i, err)
		}
	}
	for name := range s.Answers {
		if service := actions[name].service; service != "cwp" && service != "tcss" {
			return fmt.Errorf("answers: %q is no action of cwp or tcss", name)
		}
	}
	if err := s.CWP.check(); err != nil {
		return fmt.Errorf("cwp: %w", err)
	}
	if err := s.TCSS.check(); err != nil {
		return fmt.Errorf("tcss: %w", err)
	}
	return nil
}

// SetScenario replaces what cwp and tcss play; see [ScenarioFormat]. Tasks that calls started stay.
func (s *Server) SetScenario(document []byte) error {
	scenario, err := ParseScenario(document)
	if err != nil {
		return err
	}
	s.play(scenario)
	return nil
}

// play puts a scenario in force.
func (s *Server) play(scenario *Scenario) {
	s.cwp.start(scenario, s.now())
	s.tcss.start(scenario, s.now())
	s.lists.start(scenario.Shifts)
	s.answers.start(scenario.Answers)
}

// answerState is the fields that beat the computed ones, by action.
type answerState struct {
	mu     sync.Mutex
	fields map[string]map[string]any
}

func (a *answerState) start(fields map[string]map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fields = fields
}

// beat puts the scenario's fields into an answer, which may be none.
func (a *answerState) beat(action string, answer map[string]any) map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	fields := a.fields[action]
	if len(fields) == 0 {
		return answer
	}
	beaten := make(map[string]any)
	maps.Copy(beaten, answer)
	maps.Copy(beaten, fields)
	return beaten
}

// checkAll checks the elements of a list, none of which may be null.
func checkAll[T any](name string, elements []*T, check func(*T) error) error {
	for i, element := range elements {
		err := fmt.Errorf("it is null")
		if element != nil {
			err = check(element)
		}
		if err != nil {
			return fmt.Errorf("%s[%d]: %w", name, i, err)
		}
	}
	return nil
}

// checkWord checks that a word is one of a set, and puts the first one in where there is none.
func checkWord(key string, word *string, words ...string) error {
	if *word == "" {
		*word = words[0]
	}
	if !slices.Contains(words, *word) {
		return fmt.Errorf("%s %q is none of %v", key, *word, words)
	}
	return nil
}

func (p pace) check() error {
	if p.Duration < 0 {
		return fmt.Errorf("the duration is negative")
	}
	if p.Duration > 0 && len(p.Progress) > 0 {
		return fmt.Errorf("progress and duration exclude each other")
	}
	for _, percent := range p.Progress {
		if percent < 0 || percent > 100 {
			return fmt.Errorf("progress %d is not within 0 and 100", percent)
		}
	}
	return nil
}
