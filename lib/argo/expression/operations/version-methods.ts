// The methods of the versions that Sprig's `semver` makes. Those that change the version in place, or are there for Go's
// decoders and databases, are missing.
import type { GoVersion } from '../../go/version/go-version.js';
import { method } from './method.js';
import type { Method } from './method.js';
import { BOOL, INT, NEXT_VERSION, TEXT, VERSION } from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';
import { versionOf, versionValue } from '../../go/version/version-value.js';

const UINT64: Nature = { kind: 'int', type: 'uint64' };

function versionBehind(value: Value): GoVersion {
  const version = versionOf(value);
  if (!version) throw new EvaluationError('not a version');
  return version;
}

function part(result: Nature, read: (version: GoVersion) => Value): Method {
  return method([], result, (self: Value) => read(versionBehind(self)));
}

function change(
  parameters: readonly Nature[],
  make: (version: GoVersion, text: string) => GoVersion,
): Method {
  return method(parameters, NEXT_VERSION, (self: Value, text: string) =>
    versionValue(make(versionBehind(self), text), NEXT_VERSION),
  );
}

function order(isTrue: (order: number) => boolean): Method {
  return method([VERSION], BOOL, (self: Value, other: Value) => isTrue(orderOf(self, other)));
}

function orderOf(left: Value, right: Value): number {
  return versionBehind(left).compare(versionBehind(right));
}

/** Those of the value itself. */
const SHARED: readonly (readonly [string, Method])[] = [
  ['Major', part(UINT64, version => version.major)],
  ['Minor', part(UINT64, version => version.minor)],
  ['Patch', part(UINT64, version => version.patch)],
  ['Prerelease', part(TEXT, version => version.prerelease)],
  ['Metadata', part(TEXT, version => version.metadata)],
  ['String', part(TEXT, version => version.toString())],
  ['IncMajor', change([], version => version.next('major'))],
  ['IncMinor', change([], version => version.next('minor'))],
  ['IncPatch', change([], version => version.next('patch'))],
  ['SetPrerelease', change([TEXT], (version, text) => version.withPrerelease(text))],
  ['SetMetadata', change([TEXT], (version, text) => version.withMetadata(text))],
];

/** Go has these for pointers only, so not for what `IncMajor` gives. */
const POINTER: readonly (readonly [string, Method])[] = [
  ['Original', part(TEXT, version => version.original)],
  ['Compare', method([VERSION], INT, (self: Value, other: Value) => BigInt(orderOf(self, other)))],
  ['Equal', order(difference => difference === 0)],
  ['LessThan', order(difference => difference < 0)],
  ['LessThanEqual', order(difference => difference <= 0)],
  ['GreaterThan', order(difference => difference > 0)],
  ['GreaterThanEqual', order(difference => difference >= 0)],
];

/** By Go's name of the type. */
export const VERSION_METHODS: readonly (readonly [string, ReadonlyMap<string, Method>])[] = [
  [VERSION.type, new Map([...SHARED, ...POINTER])],
  [NEXT_VERSION.type, new Map(SHARED)],
];
