/** What `--help` prints. */
export const HELP_TEXT = `Custom metrics of Argo Workflows, computed from the Workflow objects.

Usage: otel-argo-metrics COMMAND [OPTIONS]

Commands:
  lint FILE...      Check the metrics of manifests: Workflow, WorkflowTemplate, ClusterWorkflowTemplate,
                    CronWorkflow, and what lists, Sensors, OpenShift Templates, ConfigMaps and other
                    workflows hold of them, YAML or JSON. The configuration of the workflow controller
                    is checked too. FILE may be a folder; "-" is the standard input. Files are taken to
                    be for one controller.
  lint --cluster    Check those of a cluster. Needs the verb list on the resources of argoproj.io.
  replay FILE       Read Workflow watch events and print the custom metrics they lead to as Prometheus
                    text. FILE "-" is the standard input. Record one with:
                    kubectl get workflows --watch --output-watch-events -o json
                    What kubectl get workflows -o json prints is taken too: each workflow counts as if
                    it were seen for the first time, so with all that it has been through.
  cardinality URL   Read a Prometheus page, of this library or any other, and print which metrics have the
                    most series and which labels make them: how many values each has, and how many series
                    there would be without it. URL may be a file; "-" is the standard input. What is more
                    than a thousand is estimated, within a few percent, and marked with "~".
  compare --with URL [URL]
                    Compare the custom metrics of the workflow controller, at the URL of --with, with those of
                    watch, over some time, and say why series differ. The other URL is that of watch.
                    Default: http://localhost:9464/metrics.
  watch             Watch the Workflows of a cluster, and serve their custom metrics to Prometheus, until
                    SIGTERM. In a pod it asks as its ServiceAccount, which needs the verbs list and watch on
                    workflows.argoproj.io, and no others.

Options of lint:
  --format FORMAT   text, json, sarif, or github (annotations of GitHub Actions). Default: text.
  --quiet           Print errors only.
  --max-warnings N  Exit with 1 when there are more warnings than that.
  --ignore GLOB     Leave files and folders out; "*" is any text and "?" any character. May be repeated.
  --labels          Say of each label how many values it has, and from where they come. With text and json.
  --fail-on-empty   Exit with 1 when there is no metric in the files.
  --strict          What cannot be checked, such as the template of a Helm chart, is an error, not a note.
  --json            The same as --format json.
  --cluster         What an API server has, in the place of files. --all-namespaces, --namespace, --kubeconfig
                    and --server say what and where, as they do for watch.

Options of replay:
  --at TIME         The time at which the metrics are read, in RFC 3339, such as 2026-11-23T04:07:45Z:
                    realtime gauges of what still runs count up to it, and metricsTTL holds. Default: now.
                    Before that, the time is the newest one that the objects themselves show.
  --config FILE     Argo's metricsConfig, or the ConfigMap that holds it, as YAML or JSON.

Options of cardinality:
  --top N           Print the N metrics with the most series, and as many values of a label. Default: 10.
  --metric PATTERN  Only metrics of this name; "*" is any text and "?" any character.
  --max-series N    Exit with 1 when a metric has more series than that, or --metric finds none.
  --json            Print JSON, with all metrics.
  --header HEADER   Sent along, such as 'Authorization: Bearer ...'. May be repeated.
  --timeout TIME    For the whole answer, such as 30s. Default: 10s, as that of a Prometheus server.

Options of compare:
  --for TIME        How long, such as 90s. Default: 10m. SIGINT ends it early, with what was seen.
  --metric PATTERN  Only metrics of this name; "*" is any text and "?" any character. May be repeated.
  --format FORMAT   text or json. Default: text. --json is the same as --format json.
  --header HEADER   Sent to the controller, such as 'Authorization: Bearer ...'. May be repeated.
  --timeout TIME    For each whole answer, such as 30s. Default: 10s.

Options of watch:
  --config FILE     What is said below, and more: times, limits, policies of labels. See docs/watch-config.md.
                    An option goes before a variable of the environment, and that before the file.
  --print-config    Print the configuration, and where each value comes from, and do nothing else.
  --check           Try what is needed, say what lacks, and do nothing else.
  --all-namespaces  Workflows of all namespaces. The default.
  --namespace NS    Only those of this namespace. May be repeated, up to 50 times.
  --instance-id ID  Only those of the controller with this instanceID. Default: those without one.
  --state DIR       Keep in this folder what was counted, so that a restart goes on. Default: nothing is kept.
  --listen ADDRESS  HOST:PORT to serve /metrics at. Default: 0.0.0.0:9464.
  --metrics-config FILE
                    Argo's metricsConfig, or the ConfigMap that holds it, as YAML or JSON.
  --kubeconfig FILE Outside of a cluster: who asks, and which API server. Default: what KUBECONFIG names, then
                    ~/.kube/config. Read by the package @kubernetes/client-node, to be installed beside.
  --server URL      That of kubectl proxy, such as http://127.0.0.1:8001, in the place of a kubeconfig.

Options:
  -h, --help        Print this text.
  -v, --version     Print the version.

What a command is for goes to the standard output and nothing else does: findings or metrics. The rest goes to
the standard error. Exit code: 0, or 1 when something is wrong with a manifest or a metric, differs for no
known reason, or could not be read or watched, or 2 when the command line is wrong.
`;
