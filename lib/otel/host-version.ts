// Which versions of the API and the SDK are installed. Said once at construction, because a version outside of the range
// fails later in ways that are hard to read.
import { existsSync, readFileSync } from 'node:fs';
// Under a name that nobody else declares: bundles begin with a `dirname` of their own.
import { dirname as folderOf, join } from 'node:path';
import { MetricStoreError } from '../errors.js';
import { codeFolder } from '../guard/code-folder.js';
import { diag } from '../guard/guarded-diag.js';

type Version = readonly [major: number, minor: number, patch: number];

interface Requirement {
  readonly range: string;
  readonly first: Version;
  /** The first major that this version was not tested with. */
  readonly below: number;
}

const REQUIRED: Readonly<Record<string, Requirement>> = {
  '@opentelemetry/api': { range: '^1.9.0', first: [1, 9, 0], below: 2 },
  '@opentelemetry/sdk-metrics': { range: '^2.0.0 || ^3.0.0', first: [2, 0, 0], below: 4 },
};

/** The installed version of a package, or undefined when it cannot be found (bundled, or not installed). */
export type VersionLookup = (packageName: string) => string | undefined;

/** What is installed does not change: whoever answered well once is not asked, nor warned about, again. */
const checked = new WeakSet<VersionLookup>();

/**
 * Checks what is installed. Silent where nothing can be found: then the methods being there must do. Prereleases of a
 * later minor are in range; those before the first release of a major are not.
 *
 * @throws MetricStoreError HOST_VERSION_UNSUPPORTED below the range; above it, and for what is no version, there is
 * one warning per thread
 */
export function checkHostVersions(lookup: VersionLookup = installedVersion): void {
  if (checked.has(lookup)) return;
  for (const [name, requirement] of Object.entries(REQUIRED)) {
    const version = lookup(name);
    if (version === undefined) continue;
    const place = placeOf(version, requirement);
    const { range } = requirement;
    if (place === 'below')
      throw new MetricStoreError(
        'HOST_VERSION_UNSUPPORTED',
        `${name} ${version} is installed, needed is ${range}: npm install '${name}@${range}'`,
      );
    if (place === 'above')
      diag.warn(
        `otel-argo-metrics: ${name} ${version} is newer than ${range}, with which this version was tested`,
      );
    if (place === 'unknown')
      diag.warn(`otel-argo-metrics: ${name} says "${version}", which is no version; needed is ${range}`);
  }
  checked.add(lookup);
}

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[\da-z-]+(?:\.[\da-z-]+)*)?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?$/i;

/** Where a version stands to a range. By hand: a package that can do more would be a sixth of what importing the store costs. */
function placeOf(version: string, { first, below }: Requirement): 'below' | 'in' | 'above' | 'unknown' {
  const match = VERSION.exec(version);
  if (match === null) return 'unknown';
  const [major = 0, minor = 0, patch = 0] = match.slice(1, 4).map(Number);
  if (major >= below) return 'above';
  // What is above the first in one place is above it, whatever comes after.
  const difference = major - first[0] || minor - first[1] || patch - first[2];
  const isPrerelease = match[4] !== undefined;
  if (difference < 0 || (isPrerelease && (difference === 0 || (minor === 0 && patch === 0)))) return 'below';
  return 'in';
}

/** Looks for the package as Node does, above this file. A bundle says nothing: what it was made from may be elsewhere. */
function installedVersion(packageName: string): string | undefined {
  try {
    let folder = codeFolder();
    if (folder === undefined || manifestIn(join(folder, '../..')).name !== 'otel-argo-metrics')
      return undefined;
    for (let child = ''; folder !== child; child = folder, folder = folderOf(folder)) {
      const installed = join(folder, 'node_modules', packageName);
      if (existsSync(installed)) return manifestIn(installed).version;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function manifestIn(folder: string): { name?: string; version?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name?: string;
    version?: string;
  };
}
