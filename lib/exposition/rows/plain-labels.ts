// The functions of the row kernel that make and sort label texts, in plain JavaScript: where the address space has no room
// for another WebAssembly memory. Some times slower, and byte for byte the same.
import type { RowFunctions } from './row-functions.js';
import {
  NEXT_LINE,
  NEXT_ROW,
  NO_ROOM,
  OTHER_WAY,
  RULE_FIXED,
  RULE_HISTOGRAM,
  RULE_KEEPS_EMPTY,
} from './row-layout.js';

/** A key as it may stand in Prometheus without a change; runs of underscores become one, for most streams. */
const PLAIN_KEY = /^(?!.*__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** A pair of a canonical text: a key, and a text in which nothing is escaped, a number or a boolean. */
const PAIR = /"([^"\\]*)":(?:"([^"\\]*)"|([^"{[,}\\][^,}\\]*))(,|}$)/y;

interface FixedLabel {
  readonly key: string;
  readonly text: string;
}

interface Rules {
  readonly isHistogram: boolean;
  readonly keepsEmpty: boolean;
  readonly fixed: readonly FixedLabel[];
}

/** On a memory with the layout of the kernel's. Texts are byte strings here: one character for each byte. */
export function plainLabels(bytes: Buffer, u32: Uint32Array): Pick<RowFunctions, 'putLabels' | 'sortTexts'> {
  const word = (at: number): number => u32[at / 4] ?? 0;
  const textAt = (begin: number, end: number): string => bytes.toString('latin1', begin, end);

  const rulesAt = (rules: number): Rules => ({
    isHistogram: (word(rules) & RULE_HISTOGRAM) !== 0,
    keepsEmpty: (word(rules) & RULE_KEEPS_EMPTY) !== 0,
    fixed: Array.from({ length: word(rules + 4) }, (_, index) => {
      const at = rules + RULE_FIXED + 16 * index;
      return {
        key: textAt(word(at), word(at) + word(at + 4)),
        text: textAt(word(at + 8), word(at + 8) + word(at + 12)),
      };
    }),
  });

  const putLabels: RowFunctions['putLabels'] = (
    rules,
    places,
    count,
    fixedBytes,
    to,
    end,
    origin,
    offsets,
  ) => {
    const read = rulesAt(rules);
    let at = to;
    let row = 0;
    let reason = 0;
    for (; row < count; row++) {
      const [begin, textEnd] = [word(places + 8 * row), word(places + 8 * row + 4)];
      reason = at + textEnd - begin + fixedBytes > end ? NO_ROOM : 0;
      if (reason !== 0) break;
      const text = labelsOf(textAt(begin, textEnd), read);
      reason = text === undefined ? OTHER_WAY : 0;
      if (text === undefined) break;
      at += bytes.write(text, at, 'latin1');
      u32[offsets / 4 + row] = at - origin;
    }
    u32[NEXT_ROW / 4] = row;
    u32[NEXT_LINE / 4] = reason;
    return at;
  };

  const sortTexts: RowFunctions['sortTexts'] = (texts, offsets, order, _keys, count, to, toOffsets) => {
    const sorted = Array.from({ length: count }, (_, index) => ({
      index,
      text: bytes.subarray(texts + word(offsets + 4 * index), texts + word(offsets + 4 * index + 4)),
    })).sort((a, b) => Buffer.compare(a.text, b.text));
    let at = to;
    u32[toOffsets / 4] = 0;
    for (const [rank, { index, text }] of sorted.entries()) {
      bytes.set(text, at);
      at += text.length;
      u32[order / 4 + rank] = index;
      u32[toOffsets / 4 + rank + 1] = at - to;
    }
  };
  return { putLabels, sortTexts };
}

function labelsOf(canonical: string, { isHistogram, keepsEmpty, fixed }: Rules): string | undefined {
  const labels: string[] = [];
  let next = 0;
  let at = 1;
  while (at < canonical.length - 1) {
    PAIR.lastIndex = at;
    const [pair, key = '', text, number] = PAIR.exec(canonical) ?? [];
    if (pair === undefined || !PLAIN_KEY.test(key) || (isHistogram && key === 'le')) return undefined;
    for (let label = fixed[next]; label !== undefined && label.key <= key; label = fixed[++next]) {
      if (label.key === key) return undefined;
      labels.push(label.text);
    }
    const value = text ?? number ?? '';
    if (keepsEmpty || value !== '') labels.push(`${key}="${value}"`);
    at += pair.length;
  }
  return [...labels, ...fixed.slice(next).map(({ text }) => text)].join(',');
}
