// Semantic versions as the Go library of Sprig, Masterminds/semver 3.5, reads and orders them.
import { EvaluationError } from '../evaluation-error.js';
import { checkTextLength } from '../../budget/evaluation-limits.js';
import { quoteGo } from '../text/quote.js';
import { byteLength } from '../text/go-text.js';

/** Bytes of a version's text. */
const VERSION_LENGTH_MAX = 256;
const UINT64_MAX = 2n ** 64n - 1n;

/** Minor and patch may be missing, and zeros may stand in front: `v1.02` is a version. */
const VERSION =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?$/;

type Segment = 'major' | 'minor' | 'patch';

interface Parts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
}

export class GoVersion implements Parts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text that the version was read from. */
  readonly original: string;

  private constructor({ major, minor, patch, prerelease, metadata }: Parts, original?: string) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.prerelease = prerelease;
    this.metadata = metadata;
    this.original = original ?? this.toString();
  }

  /** @throws EvaluationError in the words of Go. */
  static parse(text: string): GoVersion {
    if (byteLength(text) > VERSION_LENGTH_MAX)
      throw new EvaluationError(`version string is too long (max ${VERSION_LENGTH_MAX} bytes)`);
    const match = VERSION.exec(text);
    if (!match) throw new EvaluationError('invalid semantic version');
    const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
    const parts = {
      major: parseSegment(major),
      minor: parseSegment(minor),
      patch: parseSegment(patch),
      prerelease,
      metadata,
    };
    checkPrerelease(prerelease);
    return new GoVersion(parts, text);
  }

  /** The next version of this kind. A prerelease is followed by the patch that it leads to. */
  next(segment: Segment): GoVersion {
    const { major, minor, patch } = this;
    const stays = segment === 'patch' && this.prerelease !== '';
    if (!stays && this[segment] === UINT64_MAX)
      throw new EvaluationError(`${segment} version increment would overflow uint64`);
    const numbers = {
      major: { major: major + 1n, minor: 0n, patch: 0n },
      minor: { major, minor: minor + 1n, patch: 0n },
      patch: { major, minor, patch: stays ? patch : patch + 1n },
    };
    return this.#with({ ...numbers[segment], prerelease: '', metadata: '' });
  }

  withPrerelease(prerelease: string): GoVersion {
    checkPrerelease(prerelease);
    return this.#with({ ...this.#parts(), prerelease });
  }

  withMetadata(metadata: string): GoVersion {
    if (!areIdentifiers(metadata)) throw new EvaluationError('invalid metadata string');
    return this.#with({ ...this.#parts(), metadata });
  }

  /** The precedence of Semantic Versioning: −1, 0 or 1. Metadata do not count. */
  compare(other: GoVersion): number {
    for (const segment of ['major', 'minor', 'patch'] as const)
      if (this[segment] !== other[segment]) return this[segment] < other[segment] ? -1 : 1;
    if (this.prerelease === other.prerelease) return 0;
    if (this.prerelease === '' || other.prerelease === '') return this.prerelease === '' ? 1 : -1;
    return comparePrereleases(this.prerelease.split('.'), other.prerelease.split('.'));
  }

  toString(): string {
    const prerelease = this.prerelease && `-${this.prerelease}`;
    const metadata = this.metadata && `+${this.metadata}`;
    return `${this.major}.${this.minor}.${this.patch}${prerelease}${metadata}`;
  }

  #parts(): Parts {
    const { major, minor, patch, prerelease, metadata } = this;
    return { major, minor, patch, prerelease, metadata };
  }

  #with(parts: Parts): GoVersion {
    checkTextLength(parts.prerelease.length + parts.metadata.length + VERSION_LENGTH_MAX);
    const version = new GoVersion(parts);
    return this.original.startsWith('v') ? new GoVersion(parts, `v${version.original}`) : version;
  }
}

function parseSegment(digits: string): bigint {
  const number = BigInt(digits);
  if (number <= UINT64_MAX) return number;
  const detail = `strconv.ParseUint: parsing ${quoteGo(digits)}: value out of range`;
  throw new EvaluationError(`error parsing version segment: ${detail}`);
}

function checkPrerelease(text: string): void {
  if (!areIdentifiers(text)) throw new EvaluationError('invalid prerelease string');
  if (/(?:^|\.)0\d+(?:\.|$)/.test(text)) throw new EvaluationError('version segment starts with 0');
}

/** None at all is fine. */
function areIdentifiers(text: string): boolean {
  return text === '' || /^[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*$/.test(text);
}

function comparePrereleases(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < left.length || index < right.length; index++) {
    const [ours, theirs] = [left[index], right[index]];
    if (ours === theirs) continue;
    if (ours === undefined || theirs === undefined) return ours === undefined ? -1 : 1;
    return compareIdentifiers(ours, theirs);
  }
  return 0;
}

/** Numbers come before texts. What is no uint64 is a text. */
function compareIdentifiers(left: string, right: string): number {
  const [leftNumber, rightNumber] = [numberOf(left), numberOf(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber < rightNumber ? -1 : 1;
  if (leftNumber !== undefined || rightNumber !== undefined) return leftNumber === undefined ? 1 : -1;
  return left < right ? -1 : 1;
}

function numberOf(identifier: string): bigint | undefined {
  if (!/^\d{1,20}$/.test(identifier)) return undefined;
  const number = BigInt(identifier);
  return number > UINT64_MAX ? undefined : number;
}
