// The command dexgen writes a minimal dex file that defines the classes that it is given, each empty
// and derived from java.lang.Object: Debian 12 has no dex compiler.
//
//	dexgen classes.dex com.example.Main com.applovin.sdk.AppLovinSdk
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: dexgen FILE CLASS…")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], Dex(os.Args[2:]), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
