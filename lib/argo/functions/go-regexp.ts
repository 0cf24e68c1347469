// Regular expressions as Go's `regexp`: RE2's syntax, time linear in the text, and bounded in all that users can give.
import { RE2JS } from 're2js';
import { EvaluationError, LimitError } from '../expression/value.js';
import { checkListLength, checkTextLength } from './evaluation-limits.js';

const PATTERN_LENGTH_MAX = 1000;
/** Instructions; counted repetitions make many of few characters. */
const PROGRAM_SIZE_MAX = 3000;
/**
 * Characters that are looked at, times instructions of the program. One unit costs up to 100 ns where the engine must follow
 * all alternatives.
 */
const WORK_MAX = 2_000_000;
/** Compiled patterns that are kept. Expressions have few, but patterns can be computed. */
const CACHE_SIZE_MAX = 256;

const cache = new Map<string, GoRegexp>();

/**
 * A compiled pattern, from a cache. Positions are UTF-16 units here, bytes in Go.
 *
 * @throws EvaluationError with Go's message.
 */
export function compileRegexp(pattern: string): GoRegexp {
  const known = cache.get(pattern);
  if (known) return known;
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw new LimitError(`regular expression of more than ${PATTERN_LENGTH_MAX} characters`);
  }
  if (estimateSize(pattern) > PROGRAM_SIZE_MAX)
    throw new EvaluationError('error parsing regexp: expression too large');
  const compiled = new GoRegexp(pattern, compile(pattern));
  // A map iterates in the order of insertion, so the first key is the oldest.
  const [oldest] = cache.keys();
  if (oldest !== undefined && cache.size >= CACHE_SIZE_MAX) cache.delete(oldest);
  cache.set(pattern, compiled);
  return compiled;
}

/** What counted repetitions multiply to, before they are compiled. RE2 allows at most 1000 of them in one another. */
function estimateSize(pattern: string): number {
  let single = pattern.length;
  let nested = 1;
  for (const [, group, low, high = low] of pattern.matchAll(/(\))?\{(\d+)(?:,(\d*))?\}/g)) {
    const count = Math.max(Number(low), Number(high));
    if (group === undefined) single += count;
    else nested = Math.min(nested * Math.max(count, 1), 1000);
  }
  return single * nested;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Go's message always ends with what is wrong, even where that is nothing.
    throw new EvaluationError(/ at end of expression$/.test(message) ? `${message}: \`\`` : message);
  }
}

/** Where a group matched; `undefined` if it took no part. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export class GoRegexp {
  readonly pattern: string;
  readonly #compiled: RE2JS;
  /** Whether a match can be of any length; characters that only look like a repetition count as one. */
  readonly #isUnbounded: boolean;

  constructor(pattern: string, compiled: RE2JS) {
    this.pattern = pattern;
    this.#compiled = compiled;
    this.#isUnbounded = /[*+]|,\}/.test(pattern);
  }

  /** As `MatchString`. */
  test(text: string): boolean {
    this.#checkWork(text);
    return this.#compiled.test(text);
  }

  /** As `FindString`: empty text also where nothing matches. */
  find(text: string): string {
    const [match] = this.#matches(text, 1);
    return match === undefined ? '' : text.slice(match[0]?.start, match[0]?.end);
  }

  /** As `FindAllString`: at most `limit` matches, all for a negative one; `undefined` where Go has nil. */
  findAll(text: string, limit: number): string[] | undefined {
    const found = this.#matches(text, limit).map(match => text.slice(match[0]?.start, match[0]?.end));
    return found.length === 0 ? undefined : found;
  }

  /** As `ReplaceAllString`: `$1`, `${1}`, `$name` and `$$` in the replacement. */
  replaceAll(text: string, replacement: string): string {
    const parts = parseTemplate(replacement);
    return this.#replace(text, match =>
      parts.map(part => (typeof part === 'string' ? part : this.#group(text, match, part.group))).join(''),
    );
  }

  /** As `ReplaceAllLiteralString`. */
  replaceAllLiteral(text: string, replacement: string): string {
    return this.#replace(text, () => replacement);
  }

  /** As `Split`. */
  split(text: string, limit: number): string[] | undefined {
    if (limit === 0) return undefined;
    if (this.pattern !== '' && text === '') return [''];
    const pieces: string[] = [];
    let start = 0;
    let end = 0;
    for (const [whole] of this.#matches(text, limit)) {
      if (limit > 0 && pieces.length === limit - 1) break;
      end = whole?.start ?? 0;
      if (whole?.end !== 0) pieces.push(text.slice(start, end));
      start = whole?.end ?? 0;
    }
    if (end !== text.length) pieces.push(text.slice(start));
    return pieces;
  }

  #replace(text: string, replacementOf: (match: readonly (Range | undefined)[]) => string): string {
    let result = '';
    let end = 0;
    for (const match of this.#matches(text, -1)) {
      const [whole] = match;
      if (!whole) continue;
      result += text.slice(end, whole.start) + replacementOf(match);
      checkTextLength(result.length);
      end = whole.end;
    }
    checkTextLength(result.length + text.length - end);
    return result + text.slice(end);
  }

  #group(text: string, match: readonly (Range | undefined)[], name: string): string {
    // With a zero in front it is a name, and no group has it.
    const index = /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : this.#compiled.namedGroups()[name];
    const range = index === undefined ? undefined : match[index];
    return range ? text.slice(range.start, range.end) : '';
  }

  /** The matches that Go finds: none that is empty right after another. */
  #matches(text: string, limit: number): (Range | undefined)[][] {
    this.#checkWork(text);
    const matches: (Range | undefined)[][] = [];
    const matcher = this.#compiled.matcher(text);
    const size = this.#compiled.programSize();
    let previousEnd = -1;
    let work = 0;
    while ((limit < 0 || matches.length < limit) && matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      // Each search may look at all that is left, unless no match can be longer than the program.
      const looked = this.#isUnbounded ? text.length : end + size;
      work += (looked - Math.max(previousEnd, 0)) * size;
      if (work > WORK_MAX) throw this.#tooLong(text);
      if (start === end && start === previousEnd) continue;
      previousEnd = end;
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => {
        const from = matcher.start(group);
        return from < 0 ? undefined : { start: from, end: matcher.end(group) };
      });
      matches.push(groups);
      checkListLength(matches.length);
    }
    return matches;
  }

  #checkWork(text: string): void {
    if (text.length * this.#compiled.programSize() > WORK_MAX) throw this.#tooLong(text);
  }

  #tooLong(text: string): LimitError {
    return new LimitError(
      `text of ${text.length} characters is too long for regular expression ${this.pattern}`,
    );
  }
}

type TemplatePart = string | { readonly group: string };

/** The parts of a replacement, as `Regexp.Expand` reads it: the longest name counts, so `$1x` is the group `1x`. */
function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const { 0: text, 1: braced, 2: bare, index } of template.matchAll(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
  )) {
    parts.push(template.slice(end, index));
    parts.push(text === '$$' ? '$' : { group: braced ?? bare ?? '' });
    end = index + text.length;
  }
  parts.push(template.slice(end));
  return parts;
}

/** As `regexp.QuoteMeta`. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
