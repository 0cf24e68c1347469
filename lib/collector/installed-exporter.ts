// The exporter of a collector thread that nobody wrote a module for: a class of an installed package, which takes its
// options from the environment.
import { MetricStoreError } from '../errors.js';
import { shown } from '../guard/option-checks.js';

/** In the place of an `exporterModule`; no package can have this name. */
export const INSTALLED = 'otel-argo-metrics:installed';

/** Plain data: it goes to another thread. */
export interface InstalledExporter {
  /** A `file:` URL of the package's main module. */
  readonly address: string;
  readonly className: string;
}

/** @throws MetricStoreError COLLECTOR_FAILED, or what the class throws (rejections) */
export async function makeInstalledExporter({ address, className }: InstalledExporter): Promise<unknown> {
  const exported = (await import(/* webpackIgnore: true */ /* @vite-ignore */ address)) as Readonly<
    Record<string, unknown>
  >;
  const inner = exported['default'] as Readonly<Record<string, unknown>> | undefined;
  const Exporter = (exported[className] ?? inner?.[className]) as (new () => unknown) | undefined;
  if (typeof Exporter !== 'function')
    throw new MetricStoreError('COLLECTOR_FAILED', `${shown(address)} exports no class ${className}`);
  return new Exporter();
}
