// The two resources of the Prometheus Operator, as far as our manifests use them. Written here from the operator's documentation:
// its own definitions are not at hand. A field that is not among these is refused by strict validation.

const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: text };
const object = properties => ({ type: 'object', properties });
const list = items => ({ type: 'array', items });

const SPECS = {
  ServiceMonitor: object({
    selector: object({ matchLabels: texts }),
    endpoints: list(
      object({
        ...{ port: text, path: text, interval: text, scrapeTimeout: text, honorLabels: { type: 'boolean' } },
        relabelings: list(
          object({
            ...{ action: text, regex: text, replacement: text, targetLabel: text },
            sourceLabels: list(text),
          }),
        ),
      }),
    ),
  }),
  PrometheusRule: object({
    groups: list(
      object({
        ...{ name: text, interval: text },
        rules: list(object({ alert: text, expr: text, for: text, labels: texts, annotations: texts })),
      }),
    ),
  }),
};

export const MONITORING_RESOURCES = Object.entries(SPECS).map(([kind, spec]) => {
  const singular = kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.monitoring.coreos.com` },
    spec: {
      group: 'monitoring.coreos.com',
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object({ spec }) } }],
    },
  };
});
