import type { CompiledLabel } from './compile-labels.js';
import type { CompiledValue } from './compile-value.js';
import type { Template } from '../template/template.js';

/** One metric, ready to be emitted any number of times. */
export interface CompiledMetric {
  /** As the manifest has it, for diagnostics. */
  readonly metric: string;
  readonly path: string;
  readonly name: Template;
  readonly help: Template;
  readonly when: Template;
  readonly labels: readonly CompiledLabel[];
  readonly value: CompiledValue;
}
