// What Sprig's `semverCompare` compares with, as Masterminds/semver 3.5: `>= 1.2, < 3 || ~2.1.x || 1.0 - 1.4`. A comma or a
// space is "and", `||` is "or". It is not the language of the package manager npm: `^*` and `!=1.2-rc` mean other things.
import { EvaluationError } from '../go/evaluation-error.js';
import { quoteGo } from '../go/text/quote.js';
import { byteLength } from '../go/text/go-text.js';
import { GoVersion } from '../go/version/go-version.js';

/** Bytes of a constraint's text, which bounds the work of the regular expressions below too. */
const CONSTRAINT_LENGTH_MAX = 512;
const ALTERNATIVES_MAX = 32;

type Operator = '' | '=' | '!=' | '>' | '<' | '>=' | '=>' | '<=' | '=<' | '~' | '~>' | '^';

interface Comparison {
  readonly operator: Operator;
  /** With zeros for what the text leaves open. */
  readonly version: GoVersion;
  /** How many numbers the text gives, from the left: 0 for `*`, 1 for `1.x`, 2 for `1.2`, 3 for all of them. */
  readonly precision: number;
}

const SPACES = '[\\t\\n\\f\\r ]';
// A bar counts as a placeholder in Go's expression. No version can have one, but it joins what stands around it.
const NUMBER = '[\\dxX*|]+';
const TAIL = '[\\dA-Za-z-]+(?:\\.[\\dA-Za-z-]+)*';
const PATTERN = `v?${NUMBER}(?:\\.${NUMBER})?(?:\\.${NUMBER})?(?:-${TAIL})?(?:\\+${TAIL})?`;

// Where this cannot match it stops soon: the beginning of a run of spaces is the only place to look, and a version that
// is followed by something else is not tried again with less of it.
const RANGE = new RegExp(
  `(?:(?<!${SPACES})${SPACES}+)?(?=(${PATTERN}))\\1${SPACES}+-${SPACES}+(${PATTERN})${SPACES}*`,
  'g',
);
const COMPARISON = new RegExp(
  `${SPACES}*(?:(!=|>=|=>|<=|=<|~>|[=><~^])${SPACES}*)?(${PATTERN})(${SPACES}*)`,
  'y',
);
const PARTS = new RegExp(`^v?(${NUMBER})(?:\\.(${NUMBER}))?(?:\\.(${NUMBER}))?(-${TAIL})?(?:\\+${TAIL})?$`);

export class VersionConstraint {
  readonly #alternatives: readonly (readonly Comparison[])[];

  private constructor(alternatives: readonly (readonly Comparison[])[]) {
    this.#alternatives = alternatives;
  }

  /** @throws EvaluationError in the words of Go. */
  static parse(text: string): VersionConstraint {
    if (byteLength(text) > CONSTRAINT_LENGTH_MAX)
      throw new EvaluationError(`constraint string is too long (max ${CONSTRAINT_LENGTH_MAX} bytes)`);
    const alternatives = rewriteRanges(text).split('||');
    if (alternatives.length > ALTERNATIVES_MAX)
      throw new EvaluationError(`too many constraint groups (max ${ALTERNATIVES_MAX})`);
    return new VersionConstraint(alternatives.map(parseAlternative));
  }

  /** Prereleases match only where a comparison of the same alternative names one. */
  accepts(version: GoVersion): boolean {
    return this.#alternatives.some(comparisons => {
      const allowsPrereleases = comparisons.some(comparison => comparison.version.prerelease !== '');
      if (version.prerelease !== '' && !allowsPrereleases) return false;
      return comparisons.every(comparison => CHECKS[comparison.operator](version, comparison));
    });
  }
}

/** `1.2 - 3` is `>= 1.2, <= 3`. */
function rewriteRanges(text: string): string {
  return text.replace(RANGE, (_, from: string, to: string) => `>= ${from}, <= ${to} `);
}

function parseAlternative(text: string): Comparison[] {
  // All of it must have the right form before a part of it can be wrong.
  return splitAlternative(text).map(([operator, pattern]) => parseComparison(operator, pattern));
}

function splitAlternative(text: string): [Operator, string][] {
  const found: [Operator, string][] = [];
  let isOpen = true;
  for (let index = 0; isOpen;) {
    COMPARISON.lastIndex = index;
    const [whole, operator = '', pattern = '', spaces = ''] = COMPARISON.exec(text) ?? [];
    const end = index + (whole?.length ?? 0);
    isOpen = end < text.length;
    const hasComma = text[end] === ',';
    if (whole === undefined || (isOpen && !hasComma && spaces === ''))
      throw new EvaluationError(`improper constraint: ${quoteGo(text)}`);
    found.push([operator as Operator, pattern]);
    index = hasComma ? end + 1 : end;
  }
  return found;
}

function parseComparison(operator: Operator, pattern: string): Comparison {
  const [, major, minor, patch, prerelease = ''] = PARTS.exec(pattern) ?? [];
  const open = [major, minor, patch].findIndex(part => part === undefined || /^[xX*]$/.test(part));
  const texts = [
    `0.0.0${prerelease}`,
    `${major}.0.0${prerelease}`,
    `${major}.${minor}.0${prerelease}`,
    pattern,
  ];
  const precision = open < 0 ? 3 : open;
  try {
    return { operator, version: GoVersion.parse(texts[precision] ?? pattern), precision };
  } catch (error) {
    if (error instanceof EvaluationError) throw new EvaluationError('constraint parser error');
    throw error;
  }
}

type Check = (version: GoVersion, comparison: Comparison) => boolean;

const isAtLeast: Check = (version, { version: bound }) => version.compare(bound) >= 0;
const isBelow: Check = (version, { version: bound }) => version.compare(bound) < 0;

const isAbove: Check = (version, { version: bound, precision }) => {
  if (precision === 1) return version.major > bound.major;
  if (precision === 2 && version.major === bound.major) return version.minor > bound.minor;
  return version.compare(bound) > 0;
};

const isAtMost: Check = (version, { version: bound, precision }) => {
  if (precision === 3) return version.compare(bound) <= 0;
  if (version.major !== bound.major) return version.major < bound.major;
  // `<=*` stands for `<=0.0.x`.
  return precision === 1 || version.minor <= bound.minor;
};

const differs: Check = (version, { version: bound, precision }) => {
  if (precision === 0 || precision === 3) return version.compare(bound) !== 0;
  if (version.major !== bound.major) return true;
  if (precision === 1) return false;
  return version.minor !== bound.minor || version.prerelease !== bound.prerelease;
};

/** From the bound on, with the same numbers as far as they are given, but for the last of three. */
const isClose: Check = (version, comparison) => {
  const { version: bound, precision } = comparison;
  if (!isAtLeast(version, comparison)) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  // `~*` and `~0.0.0` take everything.
  if (isZero && (precision === 0 || precision === 3)) return true;
  return version.major === bound.major && (precision === 1 || version.minor === bound.minor);
};

/** From the bound on, with the same first number that is not zero. */
const isCompatible: Check = (version, comparison) => {
  const { version: bound, precision } = comparison;
  if (!isAtLeast(version, comparison) || version.major !== bound.major) return false;
  if (bound.major > 0n || precision === 1) return true;
  if (version.minor !== bound.minor) return false;
  return bound.minor > 0n || precision === 2 || version.patch === bound.patch;
};

const isSame: Check = (version, comparison) =>
  comparison.precision === 3 ? version.compare(comparison.version) === 0 : isClose(version, comparison);

const CHECKS: Readonly<Record<Operator, Check>> = {
  '': isSame,
  '=': isSame,
  '!=': differs,
  '>': isAbove,
  '<': isBelow,
  '>=': isAtLeast,
  '=>': isAtLeast,
  '<=': isAtMost,
  '=<': isAtMost,
  '~': isClose,
  '~>': isClose,
  '^': isCompatible,
};
