package emulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// MetadataAction is the name by which the ledger, faults and blocks know a request for the key of the
// machine's role.
const MetadataAction = "GetSecurityCredentials"

// metadataPath is where a Cloud Virtual Machine finds the keys of its roles.
const metadataPath = "/latest/meta-data/cam/security-credentials/"

// machineSession is how long a key of the machine's role lives, in seconds.
const machineSession = 7200

// addMetadata adds the metadata service of a Cloud Virtual Machine. Like the service it is not signed;
// whoever reaches it under a name that is not this machine's, as a web page could by a name that it
// controls, is refused.
//
//	GET /latest/meta-data/cam/security-credentials/       the names of the roles, one a line
//	GET /latest/meta-data/cam/security-credentials/NAME   a key of the role
func (s *Server) addMetadata(mux *http.ServeMux) {
	mux.HandleFunc("GET "+metadataPath+"{$}", func(w http.ResponseWriter, r *http.Request) {
		if !isLocalName(r.Host) {
			http.Error(w, "loopback only", http.StatusForbidden)
			return
		}
		for _, role := range s.settings.roles {
			_, _ = w.Write([]byte(role.name() + "\n"))
		}
	})
	mux.HandleFunc("GET "+metadataPath+"{role}", func(w http.ResponseWriter, r *http.Request) {
		if !isLocalName(r.Host) {
			http.Error(w, "loopback only", http.StatusForbidden)
			return
		}
		s.serveRoleKey(w, r)
	})
}

// serveRoleKey answers with a key of a role, or with what a fault makes of the answer.
func (s *Server) serveRoleKey(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		return
	}
	defer s.running.Done()
	name := r.PathValue("role")
	q := &apiRequest{server: s, w: w, r: r, requestID: randomUUID(), action: MetadataAction}
	q.note = s.callLog.enter(Call{
		Time: s.now(), Service: "metadata", Action: q.action, Method: r.Method,
		Parameters: map[string]any{"RoleName": name}, RequestID: q.requestID,
	})
	met := false
	if q.fault, met = s.faults.meet(q.action); met {
		q.note(func(c *Call) { c.Fault = q.fault.Kind })
		if q.breakBefore() {
			return
		}
	}
	if !s.control.pass(r.Context(), q.action, false) {
		return
	}
	role, f := s.findRole("qcs::cam::uin/"+firstAccount+":roleName/"+name, func(known Role) bool { return known.name() == name })
	q.note(func(c *Call) {
		c.Processed = true
		if f != nil {
			c.Code = f.Code
		}
	})
	q.log(f)
	if f != nil {
		http.NotFound(w, r)
		return
	}
	q.sendKey(s.issue(role, "machine", machineSession))
}

// sendKey writes a key as the metadata service does, not in a Response.
func (q *apiRequest) sendKey(key issuedKey) {
	plain, err := plainJSON(map[string]any{
		"TmpSecretId": key.SecretID, "TmpSecretKey": key.SecretKey, "Token": key.Token,
		"ExpiredTime": key.Expires.Unix(), "Expiration": key.Expires.UTC().Format(time.RFC3339),
		"Code": "Success",
	})
	if err != nil {
		q.server.complain(err)
		return
	}
	if q.fault.Kind.distorts() {
		plain = q.fault.distort(plain)
	}
	body, err := json.Marshal(q.server.control.rewrite(q.action, nil, plain))
	if err != nil {
		q.server.complain(err)
		return
	}
	if !q.server.control.pass(q.r.Context(), q.action, true) || q.breakAfter(body) {
		return
	}
	q.write(http.StatusOK, "application/json", body)
}
