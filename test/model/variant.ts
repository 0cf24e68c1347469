import type { SCENARIOS } from './scenarios.js';
import type { Edit } from './shipped-sources.js';

/** The shipped steps with one thing broken on purpose. */
export interface Variant {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Tried one after the other. */
  readonly scenarios: readonly (keyof typeof SCENARIOS)[];
}
