import { LIST_LENGTH_MAX } from '../functions/evaluation-limits.js';
import { EvaluationError } from './value.js';

/** Parts of the expression evaluated and elements looked at; some tens of milliseconds at most. */
const STEPS_MAX = 250_000;

/** What one evaluation may cost. Expressions come from users, and a metric is emitted on the thread that records. */
export class Budget {
  #left = STEPS_MAX;

  /** @throws EvaluationError when nothing is left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new EvaluationError(`evaluation takes more than ${STEPS_MAX} steps`);
  }

  /** Before a list of this length is made. */
  spendList(length: number): void {
    // The words are expr-lang's, whose limit is a million.
    if (length > LIST_LENGTH_MAX) throw new EvaluationError('memory budget exceeded');
    this.spend(length);
  }
}
