// Comments that silence codes on the line after them: `# otel-argo-metrics-disable-next-line CARDINALITY_HAZARD`.
import { closestWord } from '../../guard/closest-word.js';
import { DIAGNOSTIC_CODES } from './diagnostic-codes.js';
import type { Finding } from './finding.js';

const NAME = 'otel-argo-metrics-disable-next-line';
/** A comment begins a line, or there is white space before it. */
const COMMENT = new RegExp(`^(?:.*[ \\t])?(#[ \\t]*${NAME}(?![\\w-])(.*))$`);
const BLANK_OR_COMMENT = /^\s*(?:#.*)?$/;
/** Characters of a word that a message shows. */
const WORD_SHOWN_MAX = 40;

export interface Silencing {
  readonly findings: readonly Finding[];
  readonly silencedCount: number;
}

/** Takes out what comments silence. One that names no code, or something that is none, is a finding itself. */
export function silence(file: string, text: string, findings: readonly Finding[]): Silencing {
  if (!text.includes(NAME)) return { findings, silencedCount: 0 };
  const codesOfLine = new Map<number, ReadonlySet<string>>();
  const invalid: Finding[] = [];
  let pending = new Set<string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (pending.size > 0 && !BLANK_OR_COMMENT.test(line)) {
      codesOfLine.set(index + 1, pending);
      pending = new Set();
    }
    const [, comment, words] = COMMENT.exec(line) ?? [];
    if (comment === undefined) continue;
    const codes = codesOf(words ?? '');
    for (const code of codes) pending.add(code);
    const wrong = codes.find(code => !DIAGNOSTIC_CODES.has(code));
    if (codes.length > 0 && wrong === undefined) continue;
    const place = { line: index + 1, column: line.length - comment.length + 1, length: comment.length };
    invalid.push({
      ...(wrong === undefined ? EMPTY : unknown(wrong)),
      ...place,
      file,
      path: '',
      lineText: line,
    });
  }
  const kept = findings.filter(({ line, code }) => codesOfLine.get(line)?.has(code) !== true);
  return {
    findings: [...kept, ...invalid].sort((a, b) => a.line - b.line || a.column - b.column),
    silencedCount: findings.length - kept.length,
  };
}

const EMPTY = {
  code: 'SILENCING_INVALID',
  severity: 'warning',
  message: 'the comment silences nothing: it names no code',
  hint: `Such as: # ${NAME} CARDINALITY_HAZARD`,
} as const;

function unknown(word: string): Omit<typeof EMPTY, 'message' | 'hint'> & { message: string; hint: string } {
  const meant = closestWord(word.toUpperCase().slice(0, WORD_SHOWN_MAX), DIAGNOSTIC_CODES);
  const hint = meant === undefined ? 'What is said after -- is no code.' : `Did you mean ${meant}?`;
  const message = `the comment names ${JSON.stringify(word.slice(0, WORD_SHOWN_MAX))}, which is no code`;
  return { ...EMPTY, message, hint };
}

/** Separated by spaces or commas. What comes after `--` says why. */
function codesOf(words: string): readonly string[] {
  const [codes = ''] = words.split(/(?:^|\s)--/);
  return codes.split(/[\s,]+/).filter(word => word !== '');
}
