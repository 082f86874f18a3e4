package emulator

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// addPages adds the emulator's own pages, for use from other processes. They are not signed, but are
// refused to whoever reaches them under a name that is not this machine's, as a web page could by a
// name that it controls:
//
//	GET  /_emulator/ledger   the Ledger as JSON
//	POST /_emulator/reset    Server.Reset
//	POST /_emulator/faults   a Fault as JSON is put in force
//	POST /_emulator/forget   {"id": …} vanishes, as for Server.Forget
func (s *Server) addPages(mux *http.ServeMux) {
	page := func(pattern string, serve func(http.ResponseWriter, *http.Request)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if !isLocalName(r.Host) || (r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json") {
				http.Error(w, "loopback and application/json only", http.StatusForbidden)
				return
			}
			serve(w, r)
		})
	}
	page("GET /_emulator/ledger", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.Ledger())
	})
	page("POST /_emulator/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	page("POST /_emulator/faults", func(w http.ResponseWriter, r *http.Request) {
		var f Fault
		if err := decodePage(w, r, &f); err != nil || f.check() != nil {
			http.Error(w, "not a fault", http.StatusBadRequest)
			return
		}
		s.Fault(f)
		w.WriteHeader(http.StatusNoContent)
	})
	page("POST /_emulator/forget", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			ID string `json:"id"`
		}
		if err := decodePage(w, r, &body); err != nil || !s.Forget(body.ID) {
			http.Error(w, "no such item", http.StatusNotFound)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func decodePage(w http.ResponseWriter, r *http.Request, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// isLocalName tells whether a Host header names this machine.
func isLocalName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return (ip != nil && ip.IsLoopback()) || host == "localhost" || strings.HasSuffix(host, ".localhost")
}
