// Sprig's functions with regular expressions.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction } from '../go/value/value.js';
import { SWALLOWED_COST, spend } from '../budget/evaluation-limits.js';
import { goFunction } from '../go/value/go-function.js';
import { NIL_LIST } from '../go/json/go-json.js';
import { compileRegexp, quoteMeta } from '../go/text/go-regexp.js';
import type { GoRegexp } from '../go/text/go-regexp.js';

/** The pattern, and what to do with the pattern if it is none. */
type Compile = (pattern: string) => GoRegexp;

/** `regexp.MustCompile` names the pattern before the error. */
const insist: Compile = pattern => {
  try {
    return compileRegexp(pattern);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`regexp: Compile(${quotePattern(pattern)}): ${error.message}`);
  }
};

function quotePattern(pattern: string): string {
  return /[`\p{Cc}\ufeff]/u.test(pattern) ? JSON.stringify(pattern) : `\`${pattern}\``;
}

function find(compile: Compile): ExpressionFunction {
  return goFunction(['string', 'string'], (pattern, text) => compile(pattern).find(text));
}

function findAll(compile: Compile): ExpressionFunction {
  return goFunction(
    ['string', 'string', 'size'],
    (pattern, text, limit) => compile(pattern).findAll(text, limit) ?? NIL_LIST,
  );
}

function replaceAll(compile: Compile): ExpressionFunction {
  return goFunction(['string', 'string', 'string'], (pattern, text, replacement) =>
    compile(pattern).replaceAll(text, replacement),
  );
}

function replaceAllLiteral(compile: Compile): ExpressionFunction {
  return goFunction(['string', 'string', 'string'], (pattern, text, replacement) =>
    compile(pattern).replaceAllLiteral(text, replacement),
  );
}

function split(compile: Compile): ExpressionFunction {
  return goFunction(
    ['string', 'string', 'size'],
    (pattern, text, limit) => compile(pattern).split(text, limit) ?? NIL_LIST,
  );
}

export const REGEXP_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  regexMatch: goFunction(['string', 'string'], (pattern, text) => matches(pattern, text)),
  mustRegexMatch: goFunction(['string', 'string'], (pattern, text) => compileRegexp(pattern).test(text)),
  regexFind: find(insist),
  mustRegexFind: find(compileRegexp),
  regexFindAll: findAll(insist),
  mustRegexFindAll: findAll(compileRegexp),
  regexReplaceAll: replaceAll(insist),
  mustRegexReplaceAll: replaceAll(compileRegexp),
  regexReplaceAllLiteral: replaceAllLiteral(insist),
  mustRegexReplaceAllLiteral: replaceAllLiteral(compileRegexp),
  regexSplit: split(insist),
  mustRegexSplit: split(compileRegexp),
  regexQuoteMeta: goFunction(['string'], quoteMeta),
};

/** A pattern that is none matches nothing in Sprig. Text that is too long is no such case. */
function matches(pattern: string, text: string): boolean {
  let regexp: GoRegexp;
  try {
    regexp = compileRegexp(pattern);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    spend(SWALLOWED_COST);
    return false;
  }
  return regexp.test(text);
}
