/** What `watch` says of itself in a text of Prometheus, by names without their prefix and labels without the scope. */
export function ownRows(text: string): [string, number][] {
  return [...text.matchAll(/^otel_argo_metrics_(\w+)\{(.*)\} (\S+)$/gm)].map(
    ([, name = '', all = '', value]) => {
      const labels = all.replace(
        /(^|,)otel_scope_name="otel-argo-metrics"(,|$)/,
        (_, before: string, after: string) => (before !== '' && after !== '' ? ',' : ''),
      );
      return [`${name}${labels === '' ? '' : `{${labels}}`}`, Number(value)];
    },
  );
}
