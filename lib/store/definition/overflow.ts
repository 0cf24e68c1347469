import type { Attributes } from '@opentelemetry/api';

/** Of the one series that takes what has no series of its own. */
export const OVERFLOW_ATTRIBUTES: Attributes = Object.freeze({ 'otel.metric.overflow': true });

/** The same as attributes are in their canonical form. */
export const OVERFLOW_TEXT = JSON.stringify(OVERFLOW_ATTRIBUTES);
