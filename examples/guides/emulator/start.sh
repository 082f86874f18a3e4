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

# The emulator, on a free port. It serves the sample packages, plays a scenario
# of hosts and images, prints the environment that points a client at it, and
# then "ready".
rm -f bin/emulator.env
bin/ms-emulator --scan-duration 2s --packages internal/emulator/packages/built \
  --scenario examples/guides/emulator/scenario.json >bin/emulator.env &
emulator=$!
until grep -qs '^ready$' bin/emulator.env; do
  kill -0 "$emulator" # it ended, and has said why
  sleep 1
done
eval "$(grep '^export ' bin/emulator.env)"

# A release. There is no "init" with dev_overrides. Say "yes" when asked.
cd examples/release-gate
terraform apply \
  -var package=../../internal/emulator/packages/built/clean.apk \
  -var package_url="$MS_EMULATOR_PACKAGES_URL/clean.apk"
