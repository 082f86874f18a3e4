package emulator

import (
	"net/http"
	"regexp"
)

var regionFormat = regexp.MustCompile(`^[a-z]{2,4}-[a-z]{2,}(-[a-z0-9]+)*$`)

type Scenario struct{}

func ParseScenario([]byte) (*Scenario, error) { return &Scenario{}, nil }

const DefaultScenario = `{}`
const ScenarioFormat = ``

func (s *Server) Forget(itemID string) {}
func (s *Server) handler() http.Handler { return http.NotFoundHandler() }
