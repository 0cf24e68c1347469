// Attributes that everything has which a thread records, such as what tells it from other threads. Read once, and cleaned
// as those of a record are. Any thread.
import {
  AttributeReader,
  canonicalizeLabels,
  parseAttributes,
  readSafely,
  type Labels,
} from '../series/attributes.js';
import { checkRecord } from '../../guard/option-checks.js';
import type { ResolvedOptions } from '../definition/store-options.js';

interface ConstantAttributes {
  readonly labels: Labels;
  /** Equal for equal ones. */
  readonly text: string;
  readonly faults: readonly ('attributes' | 'truncatedLabels' | 'droppedAttributes')[];
}

/** @throws MetricStoreError INVALID_OPTION for what is no object */
export function readConstants(
  attributes: object | undefined,
  { maxAttributes, maxLabelValueLength }: ResolvedOptions,
): ConstantAttributes {
  if (attributes === undefined) return { labels: new Map(), text: '{}', faults: [] };
  checkRecord('attributes', attributes);
  const { labels, dropped, isReadable } = readSafely(new AttributeReader(maxAttributes), attributes);
  const { text, faults } = canonicalizeLabels(labels, maxLabelValueLength);
  return {
    labels: cleaned(labels, maxLabelValueLength),
    text,
    faults: [
      ...faults,
      ...(isReadable ? [] : (['attributes'] as const)),
      ...(dropped > 0 ? (['droppedAttributes'] as const) : []),
    ],
  };
}

/** Names stay as given, however long: a caller's label of the same name has it whole, too, when they are compared. */
function cleaned(labels: Labels, maxLength: number): Labels {
  const kept = new Map<string, unknown>();
  for (const [name, value] of labels) {
    const [text] = Object.values(
      parseAttributes(canonicalizeLabels(new Map([[name, value]]), maxLength).text),
    );
    if (text !== undefined) kept.set(name, text);
  }
  return kept;
}
