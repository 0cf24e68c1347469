// The `yaml` package with Go's patience for indentation. Inside quotes and brackets libyaml, which Go's YAML comes from,
// ignores how far a line is indented; manifests of Argo make use of that:
//
//       args: ["
//         echo a &&
//         echo b
//       "]
//
// A document that fails for such a line is parsed again with the line moved to the right. There the white space at the
// beginning of a line means nothing, so no value changes.
import { isScalar, parseAllDocuments } from 'yaml';
import type { Node } from 'yaml';
import { NESTED_TOO_DEEPLY, tooDeepAt } from './yaml-depth.js';

export interface YamlSyntaxError {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

export interface ParsedYaml {
  readonly roots: readonly Node[];
  readonly errors: readonly YamlSyntaxError[];
  /** What the ranges of the nodes point into. */
  readonly source: string;
  /** From an offset into `source` to one into the text that was given. */
  readonly originalOffset: (offset: number) => number;
}

/** Syntax errors after the first few are consequences of them. */
const ERRORS_MAX = 5;
/** More than the indentation of any manifest. */
const PADDING = ' '.repeat(200);
/** Each costs another parse, so there are fewer for large documents. */
const REPAIRS_MAX = 100;
const REPAIRED_LENGTH_MAX = 4 * 1024 * 1024;

/** Never throws: what cannot be parsed is an error with its place. */
export function parseYaml(text: string): ParsedYaml {
  const asGiven = parseOnce(new PaddedText(text, new Set()));
  let attempt = asGiven;
  const padded = new Set<number>();
  const repairsMax = Math.min(REPAIRS_MAX, Math.floor(REPAIRED_LENGTH_MAX / Math.max(text.length, 1)));
  for (let repairs = 0; attempt.errors.length > 0 && repairs < repairsMax; repairs++) {
    const countBefore = padded.size;
    for (const lineStart of misindentedLines(text, attempt.errors[0])) padded.add(lineStart);
    if (padded.size === countBefore) break;
    attempt = parseOnce(new PaddedText(text, padded));
  }
  return attempt.errors.length === 0 ? attempt : asGiven;
}

/** A text with some of its lines moved to the right. */
class PaddedText {
  readonly source: string;
  /** Where the moved lines start in the original, ascending. */
  readonly #starts: readonly number[];

  constructor(text: string, starts: ReadonlySet<number>) {
    this.#starts = [...starts].sort((a, b) => a - b);
    const edges = [0, ...this.#starts, text.length];
    const pieces = edges.slice(1).map((end, index) => text.slice(edges[index], end));
    this.source = pieces.join(PADDING);
  }

  originalOffset(offset: number): number {
    let original = offset;
    for (const start of this.#starts) {
      if (original < start) break;
      original = Math.max(start, original - PADDING.length);
    }
    return original;
  }
}

/** What the parser answers where the stack ends all the same, because the caller stands deep in it. */
const STACK_ENDS = /^Maximum call stack size exceeded/;

function parseOnce(text: PaddedText): ParsedYaml {
  const { source } = text;
  const originalOffset = (offset: number): number => text.originalOffset(offset);
  const tooDeep = (offset: number): ParsedYaml => {
    const error = { message: NESTED_TOO_DEEPLY, offset: originalOffset(offset), length: 1 };
    return { roots: [], errors: [error], source, originalOffset };
  };
  const deepAt = tooDeepAt(source);
  if (deepAt !== undefined) return tooDeep(deepAt);
  try {
    const parsed = parseAllDocuments(source, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const documents = Array.isArray(parsed) ? parsed : [];
    const sound = documents.filter(({ errors, contents }) => errors.length === 0 && !isEmpty(contents));
    const errors = documents.flatMap(document => document.errors).slice(0, ERRORS_MAX);
    return {
      roots: sound.map(({ contents }) => contents as unknown as Node),
      errors: errors.map(({ message: text, pos: [offset, end] }) => {
        const message = STACK_ENDS.test(text) ? NESTED_TOO_DEEPLY : text;
        return { message, offset: originalOffset(offset), length: Math.max(end - offset, 1) };
      }),
      source,
      originalOffset,
    };
  } catch (error) {
    // The parser is recursive; so deep a document exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    return tooDeep(0);
  }
}

/** Nothing between two separators is no document. */
function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && (contents.source ?? '') === '');
}

const UNCLOSED_QUOTE = /^Missing closing (["'])quote$/;
const UNCLOSED_BRACKET =
  /^Flow \w+ in block collection must be sufficiently indented and end with a ([\]}])$/;

/** The lines after the error up to the one with the closing sign, if the error is of that kind and there is one. */
function misindentedLines(text: string, error: YamlSyntaxError | undefined): readonly number[] {
  if (!error) return [];
  const quote = UNCLOSED_QUOTE.exec(error.message)?.[1];
  const closing = quote ?? UNCLOSED_BRACKET.exec(error.message)?.[1];
  if (closing === undefined) return [];
  const end =
    quote === undefined ? text.indexOf(closing, error.offset) : endOfQuote(text, quote, error.offset);
  // A bracket is missed at the first word of the line that stands too far left, a quote at the end of the line before.
  const lineStart = text.lastIndexOf('\n', error.offset - 1) + 1;
  const isLineStart = text.slice(lineStart, error.offset).trim() === '';
  const starts = isLineStart && lineStart > 0 ? [lineStart] : [];
  for (let lineFeed = text.indexOf('\n', error.offset); lineFeed >= 0 && lineFeed < end;) {
    starts.push(lineFeed + 1);
    lineFeed = text.indexOf('\n', lineFeed + 1);
  }
  return starts;
}

/** The index of the quote that ends what `from` is inside of; -1 when there is none. */
function endOfQuote(text: string, quote: string, from: number): number {
  for (let at = from; at < text.length; at++)
    if (quote === '"' && text[at] === '\\') at++;
    else if (quote === "'" && text[at] === "'" && text[at + 1] === "'") at++;
    else if (text[at] === quote) return at;
  return -1;
}
