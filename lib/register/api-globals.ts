// What all copies of OpenTelemetry's API in a thread share, of which it says itself only what it is, not whether somebody set it.

const KEY = Symbol.for('opentelemetry.js.api.1');

/** Whether somebody has set the logger, or the global MeterProvider. */
export function isSet(name: 'diag' | 'metrics'): boolean {
  const shared = (globalThis as { [KEY]?: Readonly<Record<string, unknown>> })[KEY];
  return shared?.[name] !== undefined;
}
