// The exporter of a collector thread, from a module of the user's.
import { join } from 'node:path';
import { MetricStoreError } from '../errors.js';
import { hasMethod, shown } from '../guard/option-checks.js';
import { textOf } from '../guard/thrown.js';
import type { DoubleBufferedMetricReaderOptions } from '../otel/reader-options.js';
import type { ExporterSetting } from './collector-messages.js';
import { INSTALLED, makeInstalledExporter, type InstalledExporter } from './installed-exporter.js';

type Exporter = NonNullable<DoubleBufferedMetricReaderOptions['exporter']>;

/**
 * What the module's default export makes of the options.
 *
 * @throws MetricStoreError COLLECTOR_FAILED
 */
export async function loadExporter({ module, options }: ExporterSetting): Promise<Exporter> {
  const isInstalled = module === INSTALLED;
  const name = isInstalled ? (options as InstalledExporter).address : module;
  const exported: unknown = isInstalled ? makeInstalledExporter : await importModule(module);
  if (typeof exported !== 'function')
    throw new MetricStoreError(
      'COLLECTOR_FAILED',
      `the default export of exporterModule ${shown(name)} must be a function that makes an exporter, got ${typeof exported}`,
    );
  let exporter: unknown;
  try {
    exporter = await (exported as (options: unknown) => unknown)(options);
  } catch (error) {
    throw failed(name, 'failed', error);
  }
  if (!hasMethod(exporter, 'export'))
    throw new MetricStoreError(
      'COLLECTOR_FAILED',
      `exporterModule ${shown(name)} must make an exporter with a method export(), got ${shown(exporter)}`,
    );
  return exporter as Exporter;
}

async function importModule(name: string): Promise<unknown> {
  try {
    const { default: exported } = (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ addressOf(name)
    )) as { readonly default?: unknown };
    // A CommonJS module that a compiler made of one with a default export.
    const inner = (exported as { readonly default?: unknown } | undefined)?.default;
    return typeof exported === 'function' ? exported : (inner ?? exported);
  } catch (error) {
    throw failed(name, 'cannot be loaded', error);
  }
}

/** A package is looked for from the working directory, as the application has it; else from here. */
function addressOf(name: string): string {
  if (name.startsWith('file:')) return name;
  const { createRequire } = process.getBuiltinModule('node:module');
  try {
    const path = createRequire(join(process.cwd(), 'exporter.js')).resolve(name);
    return process.getBuiltinModule('node:url').pathToFileURL(path).href;
  } catch {
    return name;
  }
}

function failed(name: string, how: string, error: unknown): MetricStoreError {
  const reason = (error as { readonly message?: unknown } | undefined)?.message ?? error;
  return new MetricStoreError('COLLECTOR_FAILED', `exporterModule ${shown(name)} ${how}: ${textOf(reason)}`, {
    cause: error,
  });
}
