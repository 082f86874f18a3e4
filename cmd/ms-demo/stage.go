package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
)

const (
	// packageBytes and analysisTime bound what the emulator takes from --apk.
	packageBytes = 2 << 30
	analysisTime = 2 * time.Minute
	// private are files of this user only.
	private = 0o600
)

// stage is what a demo plays on: a temporary folder with the configuration, an emulated cloud, a
// loopback server for the packages, and the environment for the CLI.
type stage struct {
	cli   string
	dir   string // the configuration's
	temp  string // everything's
	env   []string
	cloud *emulator.Server
	files *fileServer
}

// newStage sets a stage. Close must be called.
func newStage(t tools, options ...emulator.Option) (_ *stage, err error) {
	s := &stage{cli: t.cli}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.temp, err = os.MkdirTemp(t.temp, "ms-demo-"); err != nil {
		return nil, err
	}
	s.dir = filepath.Join(s.temp, "configuration")
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return nil, err
	}
	options = append([]emulator.Option{emulator.WithPackageBounds(packageBytes, analysisTime)}, options...)
	if s.cloud, err = emulator.New(options...); err != nil {
		return nil, err
	}
	if s.files, err = serveFiles(); err != nil {
		return nil, err
	}
	config := filepath.Join(s.temp, "cli.tfrc")
	if err := os.WriteFile(config, []byte(cliConfig(filepath.Dir(t.provider))), private); err != nil {
		return nil, err
	}
	s.env = append(cleanEnvironment(os.Environ()),
		"TF_CLI_CONFIG_FILE="+config,
		"TF_INPUT=0",
		"TF_IN_AUTOMATION=1", // no advice about init, which is not needed here
		"CHECKPOINT_DISABLE=1",
		"TMPDIR="+s.temp,
		"MS_JOURNAL_DIR="+filepath.Join(s.temp, "journal"),
		"TENCENTCLOUD_ENDPOINT_URL="+s.cloud.URL(),
		"TENCENTCLOUD_SECRET_ID="+s.cloud.SecretID(),
		"TENCENTCLOUD_SECRET_KEY="+s.cloud.SecretKey(),
		"TENCENTCLOUD_REGION="+s.cloud.Region(),
	)
	return s, nil
}

// close ends what was started and removes what was written. It may be called on half a stage.
func (s *stage) close() error {
	if s.files != nil {
		s.files.close()
	}
	if s.cloud != nil {
		s.cloud.Close()
	}
	if s.temp == "" {
		return nil
	}
	return os.RemoveAll(s.temp)
}

// configure writes the configuration files of a folder, not of those below it.
func (s *stage) configure(folder fs.FS) error {
	files, err := fs.Glob(folder, "*.tf")
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("the folder has no configuration")
	}
	for _, file := range files {
		content, err := fs.ReadFile(folder, file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.dir, file), content, private); err != nil {
			return err
		}
	}
	return nil
}

// cliConfig has the CLI use the provider in the folder, so that no "init" is needed.
func cliConfig(folder string) string {
	return `provider_installation {
  dev_overrides {
    "tencentscan/ms" = ` + strconv.Quote(filepath.ToSlash(folder)) + `
  }
  direct {}
}
`
}

// steering are the variables that lead the CLI, the provider or its client elsewhere, as in
// tools/cleanenv.sh.
var steering = regexp.MustCompile(`^((TF|TOFU|TENCENTCLOUD|TKE|MS)_[^=]*|TERRAFORM_CONFIG)=`)

// cleanEnvironment takes the steering variables out of an environment.
func cleanEnvironment(environment []string) []string {
	var clean []string
	for _, variable := range environment {
		if !steering.MatchString(variable) {
			clean = append(clean, variable)
		}
	}
	return clean
}

// fileServer serves files on loopback, each under the base of its name.
type fileServer struct {
	listener net.Listener
	http     *http.Server
	files    map[string]string // path by name; not changed once it is served
}

func serveFiles() (*fileServer, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &fileServer{listener: listener, files: map[string]string{}}, nil
}

// start serves the files.
func (f *fileServer) start(files map[string]string) {
	f.files = files
	f.http = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := f.files[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, path)
	})}
	go func() { _ = f.http.Serve(f.listener) }()
}

// address is where a file is served; signature makes it look like a pre-signed one.
func (f *fileServer) address(name, signature string) string {
	return "http://" + f.listener.Addr().String() + "/" + url.PathEscape(name) + "?sign=" + signature
}

func (f *fileServer) close() {
	if f.http != nil {
		_ = f.http.Close()
	}
	_ = f.listener.Close()
}
