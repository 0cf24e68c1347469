// What a Go program pays for a scrape: one metric of client_golang with many series, asked over stdin. A line is a question, and its
// answer is a line of JSON: `text` touches all series, then gathers and writes them in text format 0.0.4, and says the CPU of the latter;
// `memory` says what the process takes. Its first line says that before there was a series.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

var labels = []string{"pod", "phase", "namespace"}
var phases = []string{"Succeeded", "Failed", "Error"}

// The same sets and values as clients/workload.mjs.
func valuesOf(i int) []string {
	return []string{"pod-" + strconv.Itoa(i), phases[i%3], "ns" + strconv.Itoa(i%50)}
}

func boundaries() []float64 {
	bounds := make([]float64, 15)
	for i := range bounds {
		bounds[i] = float64(int(1)<<i) / 100
	}
	return bounds
}

type client struct {
	registry *prometheus.Registry
	touch    func()
}

func open(kind string, series int) client {
	registry := prometheus.NewRegistry()
	if kind == "counter" {
		vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jobs_total", Help: "Jobs"}, labels)
		registry.MustRegister(vec)
		return client{registry, func() {
			for i := 0; i < series; i++ {
				vec.WithLabelValues(valuesOf(i)...).Add(float64(i) / 3)
			}
		}}
	}
	vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "jobs", Help: "Jobs", Buckets: boundaries()}, labels)
	registry.MustRegister(vec)
	return client{registry, func() {
		for i := 0; i < series; i++ {
			vec.WithLabelValues(valuesOf(i)...).Observe(float64(i%1000) / 3)
		}
	}}
}

type counted struct{ bytes int }

func (w *counted) Write(p []byte) (int, error) {
	w.bytes += len(p)
	return len(p), nil
}

func cpuMillis() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

// Milliseconds of CPU.
func (c client) text() float64 {
	c.touch()
	runtime.GC()
	begin := cpuMillis()
	families, err := c.registry.Gather()
	if err != nil {
		panic(err)
	}
	var out counted
	encoder := expfmt.NewEncoder(&out, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			panic(err)
		}
	}
	return cpuMillis() - begin
}

// Resident bytes from /proc, 0 where there is none.
func resident() int {
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(status))[1])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}

func memory() map[string]any {
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return map[string]any{"resident": resident(), "heap": stats.HeapAlloc}
}

func main() {
	series, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	answer := json.NewEncoder(os.Stdout)
	say := func(what any) {
		if err := answer.Encode(what); err != nil {
			panic(err)
		}
	}
	before := memory()
	c := open(os.Args[1], series)
	c.touch()
	say(before)
	for questions := bufio.NewScanner(os.Stdin); questions.Scan(); {
		switch questions.Text() {
		case "text":
			say(c.text())
		case "memory":
			say(memory())
		}
	}
}
