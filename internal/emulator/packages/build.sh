#!/usr/bin/env bash
# Builds the sample packages into built/ from the sources beside this script. Needs Go and Debian's
# aapt, apksigner and android-framework-res. The signing key is made for one run and thrown away, so
# the packages differ from build to build in their signatures: rebuild only when a source changes.
set -euo pipefail
cd "$(dirname "$0")"
framework=${FRAMEWORK:-/usr/share/android-framework-res/framework-res.apk}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

keytool -genkeypair -keystore "$work/key.jks" -storepass throwaway -keypass throwaway -alias sample \
  -keyalg EC -groupname secp256r1 -validity 10950 -dname "CN=Sample" >/dev/null 2>&1

# build NAME CLASS…
build() {
  local name=$1 extra=()
  shift
  mkdir -p "$work/$name"
  go run ./dexgen "$work/$name/classes.dex" "$@"
  [ ! -d "sources/$name/res" ] || extra+=(-S "sources/$name/res")
  [ ! -d "sources/$name/assets" ] || extra+=(-A "sources/$name/assets")
  aapt package -f -M "sources/$name/AndroidManifest.xml" -I "$framework" "${extra[@]}" -F "$work/$name.apk"
  (cd "$work/$name" && aapt add -k "$work/$name.apk" classes.dex >/dev/null)
  if [ "$name" = noresources ]; then
    aapt remove "$work/$name.apk" resources.arsc >/dev/null 2>&1 || true
  fi
  apksigner sign --ks "$work/key.jks" --ks-pass pass:throwaway --min-sdk-version 19 \
    --v1-signing-enabled true --v2-signing-enabled true --v3-signing-enabled false --v4-signing-enabled false \
    --out "built/$name.apk" "$work/$name.apk"
  apksigner verify --min-sdk-version 19 "built/$name.apk"
}

mkdir -p built
build clean com.example.shop.MainActivity com.example.shop.SyncService
build insecure com.example.insecure.MainActivity com.example.insecure.ExportService \
  com.example.insecure.GuardedProvider com.thirdparty.push.PushReceiver
build ads com.example.ads.MainActivity com.applovin.sdk.AppLovinSdk com.tapjoy.Tapjoy \
  com.google.android.gms.ads.AdView com.airpush.Push okhttp3.OkHttpClient
build noresources com.example.noresources.MainActivity
ls -l built
