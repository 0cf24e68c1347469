// Which word was probably meant, where asking is part of what an evaluation may cost.
import { closestWord as closestOf } from '../../guard/closest-word.js';
import { spend } from './evaluation-limits.js';

/** Steps of a comparison with some tens of words. */
const COST = 1000;
/** Steps of a comparison with one word. */
export const WORD_COST = 25;

/**
 * The candidate that was probably meant.
 * @param cost steps that it takes
 * @throws LimitError when the evaluation has no steps left
 */
export function closestWord(word: string, candidates: Iterable<string>, cost = COST): string | undefined {
  spend(cost);
  return closestOf(word, candidates);
}
