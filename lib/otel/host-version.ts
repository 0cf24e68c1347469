/*
 * Which versions of the API and the SDK are installed. Said once at construction, because a version outside of the range
 * fails later in ways that are hard to read.
 */
import { existsSync, readFileSync } from 'node:fs';
// Under names that nobody else declares: bundles begin with a `createRequire` or a `dirname` of their own.
import { createRequire as requireFrom } from 'node:module';
import { dirname as folderOf, join } from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import valid from 'semver/functions/valid.js';
import gtr from 'semver/ranges/gtr.js';
import { MetricStoreError } from '../errors.js';
import { diag } from '../guard/guarded-diag.js';

const REQUIRED: Readonly<Record<string, string>> = {
  '@opentelemetry/api': '^1.9.0',
  '@opentelemetry/sdk-metrics': '^2.0.0 || ^3.0.0',
};

/** The installed version of a package, or undefined when it cannot be found (bundled, or not installed). */
export type VersionLookup = (packageName: string) => string | undefined;

/** What is installed does not change: whoever answered well once is not asked, nor warned about, again. */
const checked = new WeakSet<VersionLookup>();

/**
 * Checks what is installed. Silent where nothing can be resolved: then the methods being there must do. Prereleases of a
 * later minor are in range; those before the first release of a major are not.
 *
 * @throws MetricStoreError HOST_VERSION_UNSUPPORTED below the range; above it, and for what is no version, there is
 * one warning per thread
 */
export function checkHostVersions(lookup: VersionLookup = installedVersion): void {
  if (checked.has(lookup)) return;
  for (const [name, range] of Object.entries(REQUIRED)) {
    const version = lookup(name);
    if (version === undefined || satisfies(version, range, { includePrerelease: true })) continue;
    const isVersion = valid(version) !== null;
    if (isVersion && !gtr(version, range, { includePrerelease: true }))
      throw new MetricStoreError(
        'HOST_VERSION_UNSUPPORTED',
        `${name} ${version} is installed, needed is ${range}: npm install '${name}@${range}'`,
      );
    diag.warn(
      isVersion
        ? `otel-argo-metrics: ${name} ${version} is newer than ${range}, with which this version was tested`
        : `otel-argo-metrics: ${name} says "${version}", which is no version; needed is ${range}`,
    );
  }
  checked.add(lookup);
}

/** `require('…/package.json')` is refused by SDK 3.x, so the file is looked for above the package's entry. */
function installedVersion(packageName: string): string | undefined {
  try {
    let folder = folderOf(requireFrom(import.meta.url).resolve(packageName));
    for (let parent = folderOf(folder); parent !== folder; folder = parent, parent = folderOf(folder)) {
      const file = join(folder, 'package.json');
      if (!existsSync(file)) continue;
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (name === packageName) return version;
    }
  } catch {
    return undefined;
  }
  return undefined;
}
