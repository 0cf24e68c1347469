import type { SeriesLabels } from '../store/definition/stream.js';
import { escapeLabelValue } from './escape.js';
import { labelText } from './label-text.js';
import type { LabelRules } from './label-text.js';
import { compareText } from './text-order.js';

/** Comes out as it is, whatever the rules. */
const PLAIN_KEY = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const [QUOTE, COLON, COMMA, LIST, OBJECT] = [34, 58, 44, 91, 123];

/**
 * The label text of a series. Most series have keys that Prometheus knows, and values in which nothing is escaped: their
 * canonical text is the label text already, but for how a pair is written. All others go the long way.
 */
export function seriesLabelText(series: SeriesLabels, rules: LabelRules): string {
  const short = series.text === undefined ? undefined : shortWay(series.text, rules);
  return short ?? labelText(series.readAttributes?.() ?? series.attributes, rules);
}

/** Undefined when it leads nowhere. */
function shortWay(canonical: string, rules: LabelRules): string | undefined {
  // Quotes, backslashes, line ends and half characters are all escaped in JSON.
  if (canonical.includes('\\')) return undefined;
  const fixed = fixedPairs(rules);
  let nextFixed = 0;
  let labels = '';
  const add = (pair: string): void => {
    labels += labels === '' ? pair : `,${pair}`;
  };
  for (let at = 1; canonical.charCodeAt(at) === QUOTE;) {
    const keyEnd = canonical.indexOf('"', at + 1);
    const key = canonical.slice(at + 1, keyEnd);
    if (canonical.charCodeAt(keyEnd + 1) !== COLON || !isPlain(key, rules)) return undefined;
    for (let pair = fixed[nextFixed]; pair !== undefined && pair.key <= key; pair = fixed[++nextFixed]) {
      if (pair.key === key) return undefined;
      add(pair.text);
    }
    const begin = keyEnd + 2;
    const end = valueEnd(canonical, begin);
    if (end === undefined) return undefined;
    const value = canonical.slice(begin, end);
    add(canonical.charCodeAt(begin) === QUOTE ? `${key}=${value}` : `${key}="${value}"`);
    at = canonical.charCodeAt(end) === COMMA ? end + 1 : end;
  }
  for (let pair = fixed[nextFixed]; pair !== undefined; pair = fixed[++nextFixed]) add(pair.text);
  return labels;
}

function isPlain(key: string, { isHistogram }: LabelRules): boolean {
  return PLAIN_KEY.test(key) && !key.includes('__') && !(isHistogram && key === 'le');
}

/** Of a text with its quotes, a number or a boolean; undefined for what is neither. */
function valueEnd(canonical: string, begin: number): number | undefined {
  const first = canonical.charCodeAt(begin);
  if (first === QUOTE) return canonical.indexOf('"', begin + 1) + 1;
  if (first === LIST || first === OBJECT) return undefined;
  const comma = canonical.indexOf(',', begin);
  return comma < 0 ? canonical.length - 1 : comma;
}

interface FixedPair {
  readonly key: string;
  readonly text: string;
}

const fixedPairsOf = new WeakMap<LabelRules, readonly FixedPair[]>();

/** Sorted, and written once for a stream. */
function fixedPairs(rules: LabelRules): readonly FixedPair[] {
  const known = fixedPairsOf.get(rules);
  if (known !== undefined) return known;
  const pairs = rules.fixed
    .map(([key, value]) => ({ key, text: `${key}="${escapeLabelValue(value)}"` }))
    .sort((a, b) => compareText(a.key, b.key));
  fixedPairsOf.set(rules, pairs);
  return pairs;
}
