package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FaultFormat describes the command's --fault, for its --help.
const FaultFormat = `A fault is SPEC, key=value pairs with commas between, or a JSON object with the same keys:

  kind         what goes wrong (required):
                 before the call is processed, or after it with after=true:
                   error        answer the error code= with message=
                   http         answer status= (502) with body= (an HTML page)
                   reset        reset the connection
                   close        close the connection cleanly
                   redirect     answer status= (307) with location=
                 before the call is processed:
                   clock        judge the signature by a clock that is offset= ahead
                 the call is processed and its answer is broken:
                   lost         reset the connection
                   truncate     send half of the answer
                   text         answer body= (a text that is no JSON)
                   empty        answer nothing
                   huge         add size= bytes of padding (1 GiB)
                   slow-header  wait delay= (30s) before the answer
                   slow-body    spread the answer over delay= (30s)
                   types        give every value, or fields=, another JSON type
                   missing      leave out every field, or fields=
                   value        give fields= the JSON in value=, as in another task's id, 0 or null
  action       the action to break; without it, every one
  times        only this many calls      skip         let this many calls pass first
  every        every Nth call            probability  0 to 1
  delay        wait this long first, as in 2s (the slow kinds: how slow)
  fields       names with + between, as in TaskStatus+TotalCount

  --fault action=DescribeScanResults,kind=error,code=InternalError,times=3
  --fault kind=http,status=503,probability=0.25
  --fault action=CreateScanInstances,kind=lost,times=1
  --fault action=CreateVulScanTask,kind=value,fields=LocalTaskID+RegistryTaskID,value=0
  --fault action=ScanVul,kind=error,code=FailedOperation,after=true
  --fault action=DescribeAssetImageRegistryList,kind=error,code=InvalidParameter.RequestTimeout,times=2
`

// ParseFault reads a fault as the command's --fault gives it; see [FaultFormat].
func ParseFault(spec string) (Fault, error) {
	var f Fault
	if strings.HasPrefix(spec, "{") {
		decoder := json.NewDecoder(strings.NewReader(spec))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&f); err != nil {
			return Fault{}, fmt.Errorf("emulator: fault: %w", err)
		}
		return f, f.check()
	}
	for pair := range strings.SplitSeq(spec, ",") {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return Fault{}, fmt.Errorf("emulator: fault: %q is not key=value", pair)
		}
		if err := f.set(strings.TrimSpace(key), value); err != nil {
			return Fault{}, fmt.Errorf("emulator: fault: %s: %w", key, plainly(value, err))
		}
	}
	return f, f.check()
}

// set sets the field that a key names.
func (f *Fault) set(key, value string) (err error) {
	switch key {
	case "action":
		f.Action = value
	case "kind":
		f.Kind = FaultKind(value)
	case "code":
		f.Code = value
	case "message":
		f.Message = value
	case "body":
		f.Body = value
	case "location":
		f.Location = value
	case "value":
		f.Value = json.RawMessage(value)
	case "fields":
		f.Fields = strings.Split(value, "+")
	case "after":
		f.After, err = strconv.ParseBool(value)
	case "times":
		f.Times, err = strconv.Atoi(value)
	case "skip":
		f.Skip, err = strconv.Atoi(value)
	case "every":
		f.Every, err = strconv.Atoi(value)
	case "status":
		f.Status, err = strconv.Atoi(value)
	case "size":
		f.Size, err = strconv.ParseInt(value, 10, 64)
	case "probability":
		f.Probability, err = strconv.ParseFloat(value, 64)
	case "delay":
		f.Delay, err = parseDuration(value)
	case "offset":
		f.Offset, err = parseDuration(value)
	default:
		err = fmt.Errorf("no such key")
	}
	return err
}

// plainly says what is wrong with a value, where Go's own error names one of its functions.
func plainly(value string, err error) error {
	var number *strconv.NumError
	if errors.As(err, &number) {
		return fmt.Errorf("%q: %w", value, number.Err)
	}
	return err
}

func parseDuration(value string) (Duration, error) {
	d, err := time.ParseDuration(value)
	return Duration(d), err
}
