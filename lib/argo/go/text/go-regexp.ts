// Regular expressions as Go's `regexp`: RE2's syntax, time linear in the text, and bounded in all that users can give.
import { RE2JS } from 're2js';
import { BoundedMap } from '../../../guard/bounded-map.js';
import { EvaluationError } from '../evaluation-error.js';
import {
  checkListLength,
  checkTextLength,
  LimitError,
  spend,
  spendOnce,
} from '../../budget/evaluation-limits.js';

const PATTERN_LENGTH_MAX = 1000;
/** Instructions; counted repetitions make many of few characters. */
const PROGRAM_SIZE_MAX = 3000;
/**
 * Characters that are looked at, times instructions of the program. One unit is one step of an evaluation where the engine
 * must follow all alternatives.
 */
const WORK_MAX = 2_000_000;
/** What a pattern may repeat or choose from before following all of it at once gets dear. */
const CHOICES_MAX = 8;
/**
 * Steps of compiling and of the first match: for each character, for each group and alternative, for each class of
 * Unicode's. Where case does not matter, the engine also asks for each character of a class what else it may be.
 */
const CHARACTER_COST = 30;
const GROUP_COST = 700;
const CLASS_COST = 3000;
const FOLDED_CLASS_COST = 8000;
const FOLDED_CHARACTERS_OF_STEP = 4;
/** No character behind it has another case. */
const FOLDED_END = 0x1e943;
/** Compiled patterns that are kept. Expressions have few, but patterns can be computed. */
const CACHE_SIZE_MAX = 256;

const cache = new BoundedMap<string, GoRegexp>(CACHE_SIZE_MAX);

/**
 * A compiled pattern, from a cache. Positions are UTF-16 units here, bytes in Go.
 *
 * @throws EvaluationError with Go's message.
 */
export function compileRegexp(pattern: string): GoRegexp {
  if (pattern.length > PATTERN_LENGTH_MAX)
    throw new LimitError(`regular expression of more than ${PATTERN_LENGTH_MAX} characters`);
  const known = cache.get(pattern);
  // Charged the same when somebody else has compiled it: what an input comes to must not depend on that.
  const cost = known?.cost ?? costOf(pattern);
  spendOnce(pattern, cost);
  if (known) return known;
  if (estimateSize(pattern) > PROGRAM_SIZE_MAX)
    throw new EvaluationError('error parsing regexp: expression too large');
  const compiled = new GoRegexp(pattern, compile(pattern), cost);
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

/** Of compiling, in steps. */
function costOf(pattern: string): number {
  const groups = pattern.match(/[(|]/g)?.length ?? 0;
  const classes = pattern.match(/\\[pP]/g)?.length ?? 0;
  const size = Math.min(estimateSize(pattern), PROGRAM_SIZE_MAX);
  const plain = size * CHARACTER_COST + groups * GROUP_COST;
  if (!/\(\?[a-zA-Z-]*i/.test(pattern)) return plain + classes * CLASS_COST;
  return plain + classes * FOLDED_CLASS_COST + Math.ceil(countInRanges(pattern) / FOLDED_CHARACTERS_OF_STEP);
}

/** How many characters the ranges of a pattern have, at most: whether they stand in brackets is not looked at. */
function countInRanges(pattern: string): number {
  let characters = 0;
  for (const [, low = '', high = ''] of pattern.matchAll(
    /(\\x\{[0-9a-fA-F]+\}|\\[^]|[^\\])-(?=(\\x\{[0-9a-fA-F]+\}|\\[^]|[^]))/gu,
  )) {
    const [first, last] = [codeOf(low) ?? 0, codeOf(high) ?? FOLDED_END];
    characters += Math.max(0, Math.min(last, FOLDED_END) - Math.min(first, FOLDED_END));
  }
  return characters;
}

/** `undefined` for a sign that is escaped in another way than by its number. */
function codeOf(sign: string): number | undefined {
  if (!sign.startsWith('\\')) return sign.codePointAt(0);
  const digits = /^\\x\{(.+)\}$/.exec(sign)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 16);
}

/** How many places of the pattern can hold several characters; each may double the states that a match goes through. */
function countChoices(pattern: string): number {
  let choices = pattern.includes('|') ? (pattern.match(/\(/g)?.length ?? 0) : 0;
  for (const [atom, low, high = low] of pattern.matchAll(
    /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\.|\{(\d+)(?:,(\d*))?\}/g,
  ))
    if (low !== undefined) choices += Math.max(Number(low), Number(high));
    else if (!atom.startsWith('\\') || /^\\[dDwWsSpP]/.test(atom)) choices++;
  return choices;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    // Not kept, so the next time costs as much.
    spend(costOf(pattern));
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
  /** Whether few states are enough to tell a match, so that a character costs the same however large the program is. */
  readonly #isSimple: boolean;
  /** Steps of compiling it. */
  readonly cost: number;

  constructor(pattern: string, compiled: RE2JS, cost: number) {
    this.pattern = pattern;
    this.cost = cost;
    this.#compiled = compiled;
    this.#isUnbounded = /[*+]|,\}/.test(pattern);
    this.#isSimple = countChoices(pattern) <= CHOICES_MAX;
  }

  /** As `MatchString`. */
  test(text: string): boolean {
    this.#checkWork(text);
    if (this.#isSimple) {
      spend((text.length >> 1) + this.#compiled.programSize() * 2);
      return this.#compiled.test(text);
    }
    // Making states for all that may come can be dearer than following what does come.
    spend(text.length * this.#compiled.programSize());
    return this.#compiled.matcher(text).find();
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
    if (this.#isSimple && !this.test(text)) return matches;
    const matcher = this.#compiled.matcher(text);
    const size = this.#compiled.programSize();
    let paid = text.length * size;
    spend(paid);
    let previousEnd = -1;
    let work = 0;
    while ((limit < 0 || matches.length < limit) && matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      // Each search may look at all that is left, unless no match can be longer than the program.
      const looked = this.#isUnbounded ? text.length : end + size;
      work += (looked - Math.max(previousEnd, 0)) * size;
      if (work > WORK_MAX) throw this.#tooLong(text);
      if (work > paid) {
        spend(work - paid);
        paid = work;
      }
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
