# The provider and the emulator, and a CLI configuration that uses this provider.
make build
go build -o bin/ms-emulator ./cmd/ms-emulator
cat >bin/dev.tfrc <<END
provider_installation {
  dev_overrides {
    "tencentscan/ms" = "$PWD/bin"
  }
  direct {}
}
END
export TF_CLI_CONFIG_FILE="$PWD/bin/dev.tfrc"

# The emulator, on a free port. It prints the environment that points a client at
# it, and then "ready".
bin/ms-emulator --scan-duration 5s >bin/emulator.env &
emulator=$!
until grep -q '^ready$' bin/emulator.env; do sleep 1; done
eval "$(grep '^export ' bin/emulator.env)"

# Something that serves packages. The emulator downloads from this machine only.
python3 -m http.server 8790 --bind 127.0.0.1 --directory internal/emulator/packages/built &
files=$!

# A release. There is no "init" with dev_overrides. Say "yes" when asked.
cd examples/release-gate
terraform apply \
  -var package=../../internal/emulator/packages/built/clean.apk \
  -var package_url=http://127.0.0.1:8790/clean.apk
cd ../..

# When you are done:
kill "$emulator" "$files"
