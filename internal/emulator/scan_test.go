package emulator_test

import (
	"slices"
	"testing"

	"github.com/tencentscan/terraform-provider-ms/internal/emulator"
	"github.com/tencentscan/terraform-provider-ms/internal/emulator/packages"
)

// findings are the VulIds with their levels, in order.
func findings(row map[string]any) []string {
	var list []string
	vulnerabilities, _ := at(row, "VulInfo", "VulList").([]any)
	for _, v := range vulnerabilities {
		list = append(list, at(v, "VulId").(string)+" "+at(v, "RiskLevel").(string))
	}
	return list
}

func TestScan_findsWhatEachSamplePackageHolds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data                 []byte
		pkg, name            string
		vulnerabilities, ads []string
		safeType             string
		permissions, words   int
	}{
		"clean":       {data: packages.Clean(), pkg: "com.example.shop", name: "Shop", safeType: "1"},
		"noresources": {data: packages.NoResources(), pkg: "com.example.noresources", name: "No resources", safeType: "1"},
		"infected":    {data: packages.Infect(packages.Clean()), pkg: "com.example.shop", name: "Shop", safeType: "3"},
		"insecure": {
			data: packages.Insecure(), pkg: "com.example.insecure", name: "Insecure sample", safeType: "1",
			permissions: 3, words: 1,
			vulnerabilities: []string{
				emulator.VulIDDebuggable + " 3", emulator.VulIDAllowBackup + " 2", emulator.VulIDCleartext + " 2",
				emulator.VulIDExported + " 2", emulator.VulIDExported + " 2", emulator.VulIDMinSDK + " 1",
			},
		},
		"ads": {
			data: packages.Ads(), pkg: "com.example.ads", name: "Ads sample", safeType: "1", permissions: 1,
			ads: []string{"Banner AdMob", "IntegralWall Tapjoy", "NotifyBar Airpush", "Spot AppLovin"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := start(t).scan(test.data)
			if show(row["TaskStatus"]) != "1" || show(row["StatusCode"]) != "0" {
				t.Fatalf("not done: %s", show(row))
			}
			if at(row, "AppDetailInfo", "AppPkgName") != test.pkg || at(row, "AppDetailInfo", "AppName") != test.name {
				t.Errorf("details: %s", show(row["AppDetailInfo"]))
			}
			if got := findings(row); !slices.Equal(got, test.vulnerabilities) {
				t.Errorf("vulnerabilities: %v, want %v", got, test.vulnerabilities)
			}
			if got := at(row, "VirusInfo", "SafeType"); got != test.safeType {
				t.Errorf("SafeType: %v, want %s", got, test.safeType)
			}
			var ads []string
			for _, list := range []string{"Banner", "BoutiqueRecommand", "FloatWindows", "IntegralWall", "NotifyBar", "Spot"} {
				plugins, _ := at(row, "AdInfo", list).([]any)
				for _, plugin := range plugins {
					ads = append(ads, list+" "+at(plugin, "PluginName").(string))
				}
			}
			if !slices.Equal(ads, test.ads) {
				t.Errorf("ads: %v, want %v", ads, test.ads)
			}
			permissions, _ := at(row, "PermissionInfo", "PermissionList").([]any)
			words, _ := at(row, "SensitiveInfo", "SensitiveList").([]any)
			if len(permissions) != test.permissions || len(words) != test.words {
				t.Errorf("permissions %s, sensitive %s", show(permissions), show(words))
			}
		})
	}
}

func TestScan_hasOnlyTheSectionsAskedFor(t *testing.T) {
	t.Parallel()
	sections := map[string]string{
		"VULSCAN": "VulInfo", "VIRUSSCAN": "VirusInfo", "ADSCAN": "AdInfo", "PERMISSION": "PermissionInfo",
		"SENSITIVE": "SensitiveInfo", "PLUGINSCAN": "",
	}
	for scanType, own := range sections {
		row := start(t).scan(packages.Insecure(), scanType)
		for _, section := range sections {
			if _, found := row[section]; section != "" && found != (section == own) {
				t.Errorf("%s: %s is there: %v", scanType, section, found)
			}
		}
	}
}

func TestScan_spellsAsTheSDKIfAskedTo(t *testing.T) {
	t.Parallel()
	row := start(t, emulator.WithSDKSpelling()).scan(packages.Ads())
	for path, want := range map[string]string{
		show(at(row, "VirusInfo", "SafeType")):                    "1",
		show(at(row, "VulInfo", "VulFileScore")):                  "100",
		show(at(row, "AdInfo", "Banners", 0, "PluginType")):       "3",
		show(at(row, "AdInfo", "FloatWindowses")):                 "[]",
		show(at(row, "AdInfo", "BoutiqueRecommands")):             "[]",
		show(at(row, "AdInfo", "IntegralWalls", 0, "PluginName")): `"Tapjoy"`,
	} {
		if path != want {
			t.Errorf("got %s, want %s in %s", path, want, show(row))
		}
	}
}

func TestScan_tellsTheAppAndTheThirdPartyApart(t *testing.T) {
	t.Parallel()
	row := start(t).scan(packages.Insecure())
	own, third := at(row, "VulInfo", "VulList", 3), at(row, "VulInfo", "VulList", 4)
	if at(own, "VulSrcType") != "0" || at(third, "VulSrcType") != "1" {
		t.Errorf("VulSrcType of %s and %s", show(own), show(third))
	}
	if at(own, "VulFilepath") == at(third, "VulFilepath") {
		t.Error("two components have the same path")
	}
	word := at(row, "SensitiveInfo", "SensitiveList", 0)
	if show(at(word, "WordList")) != `["casino","lottery"]` || at(word, "FilePath") != "assets/offer.txt" || len(at(word, "FileSha").(string)) != 40 {
		t.Errorf("sensitive words: %s", show(word))
	}
}
