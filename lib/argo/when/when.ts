// Argo's `when`: govaluate's language, in which unquoted words are strings. when-tokens.ts cuts, when-syntax.ts and
// when-parser.ts read, when-evaluation.ts decides.
import { TwoGenerationCache } from '../../guard/two-generation-cache.js';
import type { Diagnostic, TextDiagnostic } from '../diagnostic/diagnostic.js';
import { Budget } from '../budget/budget.js';
import { LimitError, metered, spend } from '../budget/evaluation-limits.js';
import type { Meter } from '../budget/evaluation-limits.js';
import { WhenError } from './when-error.js';
import { evaluateTree } from './when-evaluation.js';
import { parseWhen } from './when-parser.js';
import { show } from './when-values.js';

export type WhenDecision = { readonly value: boolean } | { readonly error: TextDiagnostic };

const TRUE: WhenDecision = { value: true };

/** A clause of operators alone is cut, checked and evaluated character by character. */
const CHARACTER_COST = 3;
/** Steps of a clause that is wrong. */
const FAILURE_COST = 100;
/** Characters of a clause that a message shows. */
const SHOWN_MAX = 200;

/** Decisions that are kept in each of two generations; a clause is rendered to few different texts. */
const CACHE_SIZE_MAX = 512;
/** Longer texts are not kept. */
const CACHED_LENGTH_MAX = 256;

const decisions = new TwoGenerationCache<string, WhenDecision>(CACHE_SIZE_MAX);

/**
 * Evaluates a `when` clause whose tags are already filled in: the language of govaluate with all its operators, where
 * unquoted words are strings, as in Argo Workflows. Empty text is true. The message of an error is Argo's.
 *
 * Pure; any thread. Never throws, and takes time in proportion to the text: regular expressions cannot hang.
 *
 * @example
 * evaluateWhen('Succeeded == Succeeded && 0 != 1'); // { value: true }
 * evaluateWhen("prod-eu =~ '^prod'"); // { error: … }: unquoted, the `-` is a minus
 */
export function evaluateWhen(expression: string): { value: boolean } | { error: Diagnostic } {
  if (typeof expression !== 'string') {
    const message = `the expression must be a text, got ${typeof expression}`;
    return { error: { code: 'WHEN_INVALID', severity: 'error', path: '', message } };
  }
  const decision = decideWhen(expression);
  return 'error' in decision ? { error: { ...decision.error, path: '' } } : { value: decision.value };
}

/** As {@link evaluateWhen}, for who knows the path, and what it may cost. */
export function decideWhen(text: string, budget: Meter = new Budget()): WhenDecision {
  if (text === '') return TRUE;
  const known = decisions.get(text);
  if (known) return known;
  const decision = metered(budget, () => decide(text));
  if (text.length <= CACHED_LENGTH_MAX && !isLimit(decision)) decisions.set(text, decision);
  return decision;
}

/** What is too dear now may not be so with another budget. */
function isLimit(decision: WhenDecision): boolean {
  return 'error' in decision && decision.error.code === 'LIMIT_EXCEEDED';
}

function decide(text: string): WhenDecision {
  try {
    spend(text.length * CHARACTER_COST);
    const result = evaluateTree(parseWhen(text));
    if (typeof result === 'boolean') return { value: result };
    throw new WhenError('result', 0, show(result));
  } catch (error) {
    if (error instanceof WhenError) return { error: problemOf(text, error) };
    if (error instanceof LimitError) return { error: tooDear(text, error) };
    throw error;
  }
}

function problemOf(text: string, error: WhenError): TextDiagnostic {
  try {
    spend(FAILURE_COST);
    return error.toDiagnostic(text);
  } catch (limit) {
    if (limit instanceof LimitError) return tooDear(text, limit);
    throw limit;
  }
}

function tooDear(text: string, { message }: LimitError): TextDiagnostic {
  const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  return {
    code: 'LIMIT_EXCEEDED',
    severity: 'error',
    position: 0,
    message: `Failed to evaluate 'when' expresion '${shown}': ${message}`,
  };
}
