import type { Attributes, Context } from '@opentelemetry/api';
import type { LabelRule } from './label-rule.js';

/**
 * A View as the store applies it: the data of the SDK's `ViewOptions` and its functions. The SDK's own objects stay in
 * `otel/`.
 */
export interface View {
  readonly selector: ViewSelector;
  /** Name of the stream; the instrument's own when absent. */
  readonly name?: string;
  readonly description?: string;
  readonly boundaries?: readonly number[];
  /** false: points of a histogram come without minimum and maximum. @defaultValue `true` */
  readonly recordMinMax?: boolean;
  /** Nothing that matches is kept by this View. */
  readonly drop?: boolean;
  /** Distinct attribute sets of one stream, overflow not counted. */
  readonly limit?: number;
  /** Rewrites the attributes of a record. Cannot be cloned, so each recording thread must be given it again. */
  readonly process?: (attributes: Attributes, context?: Context) => Attributes;
  /** What may become of labels, after `process` and before the limit; each label once, in the order of their names. */
  readonly labels?: readonly LabelRule[];
  /** As of a stream. @defaultValue the store's */
  readonly ttlMillis?: number;
  /** `limit`, `labels` and `ttlMillis` are only tried: a report says what they would leave. */
  readonly dryRun?: true;
}

/** The View without what is only tried. */
export function obeyedOf(view: View): View {
  if (view.dryRun !== true) return view;
  const { limit: _limit, labels: _labels, ttlMillis: _ttlMillis, ...obeyed } = view;
  return obeyed;
}

/** All criteria given must match. Names match without regard to case; `*` stands for any text, `?` for one character. */
export interface ViewSelector {
  readonly instrumentName?: string;
  readonly instrumentType?: string;
  readonly instrumentUnit?: string;
  readonly meterName?: string;
  readonly meterVersion?: string;
  readonly meterSchemaUrl?: string;
}
