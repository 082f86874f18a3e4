package emulator

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
)

// packagesPath is where the files of [WithPackages] are served.
const packagesPath = "/packages"

// WithPackages serves the regular files in a folder, and in those below it, at [Server.PackagesURL].
// A link that leads out of the folder is not followed, and no folder is listed.
func WithPackages(folder string) Option {
	return func(s *settings) error {
		if folder == "" {
			return errors.New("emulator: packages: the folder has no name")
		}
		s.packages = folder
		return nil
	}
}

// openPackages opens the folder of [WithPackages], which may be none.
func openPackages(folder string) (*os.Root, error) {
	if folder == "" {
		return nil, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("emulator: packages: %w", err)
	}
	return root, nil
}

// PackagesURL is the URL of the folder of [WithPackages], without a slash at its end; a file's URL is this, a
// slash and the file's path. It is empty where no packages are served.
func (s *Server) PackagesURL() string {
	if s.settings.packages == "" {
		return ""
	}
	return s.URL() + packagesPath
}

// addPackages serves the folder of [WithPackages]. It is opened once for each server: a folder that is
// replaced later is not followed.
func (s *Server) addPackages(mux *http.ServeMux) {
	if s.packages == nil {
		return
	}
	// Without a method in the pattern no other pattern would match a POST, which belongs to the API.
	mux.HandleFunc(packagesPath+"/{path...}", func(w http.ResponseWriter, r *http.Request) {
		if !isLocalName(r.Host) {
			http.Error(w, "loopback only", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "packages are only read", http.StatusMethodNotAllowed)
			return
		}
		file, info, err := openRegular(s.packages, r.PathValue("path"))
		if err != nil {
			// Why it cannot be served is nobody's business but this machine's.
			http.NotFound(w, r)
			return
		}
		defer func() { _ = file.Close() }()
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store") // a package is often rebuilt under its name
		http.ServeContent(w, r, "", info.ModTime(), file)
	})
}

// openRegular opens a regular file below root. It looks at the kind first, since opening a pipe waits for its
// other end, and again at what was opened.
func openRegular(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, nil, errors.Join(fs.ErrNotExist, err)
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil, errors.Join(fs.ErrNotExist, err, file.Close())
	}
	return file, info, nil
}
