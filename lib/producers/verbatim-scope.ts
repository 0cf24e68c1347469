// A scope whose metrics have the names of Prometheus already: no suffix is added to them, and no label of the scope. Marked on
// the object, so that it passes through readers, and copies of this package know it of each other.
const KEY = Symbol.for('otel-argo-metrics.verbatimScope');

export function verbatimScope<S extends object>(scope: S): S {
  return Object.defineProperty(scope, KEY, { value: true });
}

export function isVerbatim(scope: object): boolean {
  return KEY in scope;
}
