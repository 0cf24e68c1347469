import type { Attributes, Context } from '@opentelemetry/api';

/**
 * A View as the store applies it: the data of the SDK's `ViewOptions`, plus at most one function. The SDK's own objects
 * stay in `otel/`.
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
