package emulator

func (s *Server) describeApkDetectionResult(r *request) (map[string]any, *failure) {
	return nil, fail("ActionOffline", "Not yet.")
}
func (s *Server) describeScanTaskDetails(r *request) (map[string]any, *failure) {
	return nil, fail("ActionOffline", "Not yet.")
}
func (s *Server) describeVulScanInfo(r *request) (map[string]any, *failure) {
	return nil, fail("ActionOffline", "Not yet.")
}

type Scenario struct{}

func ParseScenario([]byte) (*Scenario, error) { return &Scenario{}, nil }

const DefaultScenario = `{}`
const ScenarioFormat = ``

type cwpState struct{}
type tcssState struct{}

func (cwpState) start(*Scenario)  {}
func (tcssState) start(*Scenario) {}
