import type { GoVersion } from './go-version.js';
import { GoObject } from '../value/go-value.js';
import type { Nature } from '../value/nature.js';
import type { Value } from '../value/value.js';

class VersionObject extends GoObject {
  readonly version: GoVersion;

  constructor(type: string, version: GoVersion) {
    super(type, version.toString(), version.toString());
    this.version = version;
  }

  /** `1.2` and `1.2.0` are the same version, but Go compares what they were read from too. */
  override get identity(): string {
    return this.version.original;
  }
}

/** A version as an expression holds it, of one of the natures of versions. */
export function versionValue(version: GoVersion, { type }: Nature): Value {
  return new VersionObject(type, version).asValue();
}

/** The version that {@link versionValue} made a value of. */
export function versionOf(value: Value): GoVersion | undefined {
  const object = value as unknown;
  return object instanceof VersionObject ? object.version : undefined;
}
