// Writes the golden files of the functions of expressions: what Go's own libraries answer to the calls in calls/*.txt.
// A line is a name, a colon and arguments in the expression language. Run it here:
//
//	TZ=UTC go run .
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/Masterminds/sprig/v3"
	"github.com/evilmonkeyinc/jsonpath"
	"github.com/expr-lang/expr"
)

var functions = map[string]any{
	"marshalJson": func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err },
	"parseJson":   func(s string) (any, error) { var v any; err := json.Unmarshal([]byte(s), &v); return v, err },
	"sprint":      func(v any) string { return fmt.Sprint(v) },
	"formatFloat": func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) },
	"parseFloat":  func(s string) (float64, error) { return strconv.ParseFloat(s, 64) },
	"quoteGo":     func(s string) string { return strconv.Quote(s) },
	"compile":     func(p string) (bool, error) { _, err := regexp.Compile(p); return err == nil, err },
	"format": func(unixNanos int, zone, layout string) string {
		location, err := time.LoadLocation(zone)
		if err != nil {
			panic(err)
		}
		return time.Unix(0, int64(unixNanos)).In(location).Format(layout)
	},
	"parseTime": func(layout, text string) (string, error) {
		t, err := time.ParseInLocation(layout, text, time.UTC)
		return t.Format("2006-01-02T15:04:05.999999999 -07:00:00 MST"), err
	},
	"parseDuration": func(text string) (time.Duration, error) { return time.ParseDuration(text) },
	"durationText":  func(nanos int) string { return time.Duration(nanos).String() },
	"roundDuration": func(nanos, unit int) string { return time.Duration(nanos).Round(time.Duration(unit)).String() },
	"jsonPath": func(data, path string) (any, error) {
		var root any
		if err := json.Unmarshal([]byte(data), &root); err != nil {
			return nil, err
		}
		return jsonpath.Query(path, root)
	},
	"upper": strings.ToUpper, "lower": strings.ToLower,
}

type row struct {
	Name  string `json:"name"`
	Args  any    `json:"args"`
	Value any    `json:"value"`
	Error string `json:"error,omitempty"`
}

// encode keeps the types apart that JSON does not.
func encode(value any) any {
	switch v := value.(type) {
	case nil, bool, string:
		return v
	case int, int64:
		return map[string]any{"int": fmt.Sprint(v)}
	case float64:
		return map[string]any{"float": strconv.FormatFloat(v, 'g', -1, 64)}
	case time.Duration:
		return map[string]any{"duration": strconv.FormatInt(int64(v), 10)}
	case time.Time:
		return map[string]any{"time": strconv.FormatInt(v.UnixNano(), 10)}
	case []string:
		return encodeList(v)
	case []int:
		return encodeList(v)
	case []any:
		return encodeList(v)
	case [][]any:
		return encodeList(v)
	case map[string]string:
		return encodeMap(v)
	case map[string]any:
		return encodeMap(v)
	}
	panic(fmt.Sprintf("no encoding for %T", value))
}

func encodeList[T any](list []T) any {
	if list == nil {
		return map[string]any{"nil": "list"}
	}
	encoded := []any{}
	for _, element := range list {
		encoded = append(encoded, encode(element))
	}
	return encoded
}

func encodeMap[T any](values map[string]T) any {
	encoded := map[string]any{}
	for key, value := range values {
		encoded[key] = encode(value)
	}
	return map[string]any{"map": encoded}
}

func evaluate(source string) (any, error) {
	env := map[string]any{"sprig": sprig.GenericFuncMap(), "go": functions}
	program, err := expr.Compile(source, expr.Env(env))
	if err != nil {
		panic(source + ": " + err.Error())
	}
	return expr.Run(program, env)
}

func answer(library, line string) row {
	name, args, _ := strings.Cut(line, ":")
	arguments, err := evaluate("[" + args + "]")
	if err != nil {
		panic(line + ": " + err.Error())
	}
	result := row{Name: name, Args: encode(arguments)}
	value, err := evaluate(library + "." + name + "(" + args + ")")
	if err != nil {
		// What follows is the place in the expression.
		result.Error = regexp.MustCompile(`(?s) \(1:\d+\)\n.*`).ReplaceAllString(err.Error(), "")
	} else {
		result.Value = encode(value)
		if result.Name == "keys" || result.Name == "values" {
			list := result.Value.([]any)
			sort.Slice(list, func(i, j int) bool { return fmt.Sprint(list[i]) < fmt.Sprint(list[j]) })
		}
	}
	return result
}

func main() {
	files, _ := filepath.Glob("calls/*.txt")
	for _, file := range files {
		text, err := os.Open(file)
		if err != nil {
			panic(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		library := "go"
		if strings.HasPrefix(name, "sprig") {
			library = "sprig"
		}
		lines := []string{}
		for scanner := bufio.NewScanner(text); scanner.Scan(); {
			if scanner.Text() == "" {
				continue
			}
			encoded, err := json.Marshal(answer(library, scanner.Text()))
			if err != nil {
				panic(err)
			}
			lines = append(lines, string(encoded))
		}
		golden := strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(filepath.Join("..", name+".ndjson"), []byte(golden), 0o644); err != nil {
			panic(err)
		}
		fmt.Println(name, len(lines))
	}
}
