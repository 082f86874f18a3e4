package apk

import (
	"bytes"
	"cmp"
	"encoding/binary"
)

// configuration is what a value in a resource table asks of a device (ResTable_config), as far as texts
// for people are chosen by it.
type configuration struct {
	language, country string // "" where any will do; a packed language of three letters counts as other
	density           uint16 // in dots per inch; 0 where any will do
	release           uint16 // the oldest API level
	special           bool   // anything else: a SIM card, a kind of screen, a mode
}

// Offsets in ResTable_config, which begins with its length. Older ones are shorter.
const (
	configLocale       = 8
	configDensity      = 14
	configRelease      = 24
	configLocaleScript = 36
	configLocaleEnd    = 48
	configBytes        = 64
)

// newConfiguration decodes a configuration.
func newConfiguration(data []byte) configuration {
	var full [configBytes]byte
	length := min(int64(binary.LittleEndian.Uint32(data)), size(data), configBytes)
	if length > 4 {
		copy(full[4:], data[4:length])
	}
	text := func(from, to int) string { return string(bytes.TrimRight(full[from:to], "\x00")) }
	c := configuration{
		language: text(configLocale, configLocale+2) + text(configLocaleScript, configLocaleEnd),
		country:  text(configLocale+2, configLocale+4),
		density:  binary.LittleEndian.Uint16(full[configDensity:]),
		release:  binary.LittleEndian.Uint16(full[configRelease:]),
	}
	clear(full[configLocale : configLocale+4])
	clear(full[configDensity : configDensity+2])
	clear(full[configRelease : configRelease+2])
	clear(full[configLocaleScript:configLocaleEnd])
	c.special = full != [configBytes]byte{}
	return c
}

// less tells whether a device of no particular kind takes c rather than other: one with the newest
// release, a screen of 160 dpi and no language. Where all values have a language, American English
// comes first, then English, then the alphabet; what asks for more than that comes last.
func (c configuration) less(other configuration) bool {
	return cmp.Or(
		compareBools(c.special, other.special),
		cmp.Compare(c.localeRank(), other.localeRank()),
		cmp.Compare(c.language, other.language),
		cmp.Compare(c.country, other.country),
		cmp.Compare(c.densityRank(), other.densityRank()),
		cmp.Compare(other.release, c.release),
	) < 0
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (c configuration) localeRank() int {
	switch {
	case c.language == "" && c.country == "":
		return 0
	case c.language == "en" && c.country == "US":
		return 1
	case c.language == "en" && c.country == "":
		return 2
	case c.language == "en":
		return 3
	}
	return 4
}

// densityRank is 0 for what fits 160 dpi; a larger one, which is scaled down, comes before a smaller one.
func (c configuration) densityRank() int {
	const medium = 160
	switch d := int(c.density); {
	case d == 0, d == medium:
		return 0
	case d > medium:
		return d - medium
	default:
		return 1<<16 + medium - d
	}
}
