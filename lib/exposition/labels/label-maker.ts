import type { SeriesLabels } from '../../store/definition/stream.js';
import { labelText } from './label-text.js';
import type { LabelRules } from './label-text.js';

/** Makes the label texts of the series of a stream. */
export interface LabelMaker {
  /** By which the row kernel makes most of them from canonical texts; absent where it cannot. */
  readonly rules?: LabelRules;
  /** Of any series. */
  textOf(series: SeriesLabels): string;
}

export function labelMaker(rules: LabelRules): LabelMaker {
  return {
    rules,
    textOf: series => labelText(series.readAttributes?.() ?? series.attributes, rules),
  };
}
