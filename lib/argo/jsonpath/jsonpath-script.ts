// The expressions in the parentheses of a JSONPath, as the Go library that Argo uses reads them: the text is cut at the
// first operator of the lowest precedence, and so on down. What no operator cuts is a number, a word or quoted text.
import { LimitError } from '../budget/evaluation-limits.js';
import type { Value } from '../go/value/value.js';
import { trimSpace } from '../go/text/go-text.js';
import { OPERATORS, booleanOf, isWord, numberOf, tryParseJson, valueOfWord } from './jsonpath-operators.js';
import type { Operand } from './jsonpath-operators.js';
import { CURRENT_STEP, PathError, noneFor } from './jsonpath-steps.js';
import type { PathScript, PathStep } from './jsonpath-steps.js';

export type CompileSelector = (text: string) => readonly PathStep[];

/** Lowest precedence first; a path within the expression comes last. */
const PRECEDENCE: readonly string[] = [...OPERATORS.keys(), '@', '$'];
/** What the library tries first in parentheses: it is found in every text, and is no operator. */
const IN_PARENTHESES: readonly string[] = ['', ...PRECEDENCE];
/** Cuts of one expression. */
const CUTS_MAX = 10_000;

export function compileScript(text: string, compileSelector: CompileSelector): PathScript {
  const root = new ScriptCompiler(compileSelector).compile(text, PRECEDENCE);
  return root ?? ((scope, current) => literal(text, scope, current));
}

const literal: (text: string, ...at: Parameters<PathScript>) => Value = (text, scope, current) => {
  if (isWord(text)) return valueOfWord(text, scope, current);
  for (const read of [numberOf, booleanOf])
    try {
      return read(text, [scope, current]);
    } catch (error) {
      noneFor(error);
    }
  return text;
};

class ScriptCompiler {
  readonly #compileSelector: CompileSelector;
  #cuts = 0;

  constructor(compileSelector: CompileSelector) {
    this.#compileSelector = compileSelector;
  }

  /** Nothing if no operator is in the text. */
  compile(source: string, operators: readonly string[]): PathScript | undefined {
    let text = trimSpace(source);
    let candidates = operators;
    while (text !== '') {
      const [operator = ''] = candidates;
      if (text.startsWith('(') && text.endsWith(')') && text.length > 1) {
        text = trimSpace(text.slice(1, -1));
        candidates = IN_PARENTHESES;
      }
      this.#cuts++;
      if (this.#cuts > CUTS_MAX) throw new LimitError('JSONPath has too many operators');
      const compiled = this.#cut(text, operator, candidates);
      if (compiled !== undefined) return compiled;
      if (candidates.length <= 1) return undefined;
      candidates = candidates.slice(1);
      // Parentheses around all were taken off above; those that are left belong to the next round.
    }
    return undefined;
  }

  #cut(text: string, operator: string, candidates: readonly string[]): PathScript | undefined {
    const index = findOperator(text, operator);
    if (index < 0) return undefined;
    const isPath = operator === '@' || operator === '$';
    const rightText = trimSpace(text.slice(index + operator.length));
    if (rightText === '' && !isPath) return undefined;
    const right = this.#operand(rightText, candidates);
    const leftText = trimSpace(text.slice(0, index));
    if (leftText === '' && !isPath && operator !== '!') return undefined;
    const left = this.#operand(leftText, candidates);
    if (isPath || operator === '!') {
      if (left !== undefined) return undefined;
      if (isPath) return this.#selector(text);
    }
    const build = OPERATORS.get(operator);
    if (!build) throw new PathError('unsupported operator');
    return build(left, right);
  }

  #operand(text: string, candidates: readonly string[]): Operand {
    const compiled = this.compile(text, candidates);
    if (compiled) return compiled;
    if (text === '') return undefined;
    const isCollection = /^(?:\{[\s\S]*\}|\[[\s\S]*\])$/.test(text);
    return (isCollection ? tryParseJson(text) : undefined) ?? text;
  }

  /** A path whose text comes back in quotes, so that it cannot be taken for a number. */
  #selector(text: string): PathScript {
    const [first = CURRENT_STEP, ...next] = this.#compileSelector(text);
    return (scope, current) => {
      const value = first.apply(scope, current, next);
      if (typeof value !== 'string' || (value.length > 1 && /^'[\s\S]*'$/.test(value))) return value;
      return `'${value}'`;
    };
  }
}

/** Where the operator stands outside of quotes and brackets, or -1. */
function findOperator(text: string, operator: string): number {
  let quote = '';
  let round = 0;
  let square = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "'" || character === '"') {
      if (square <= 0 && round <= 0 && (quote === '' || quote === character))
        quote = quote === '' ? character : '';
    } else if (quote === '') {
      if (square <= 0) round += Number(character === '(') - Number(character === ')');
      if (round <= 0) square += Number(character === '[') - Number(character === ']');
    }
    if (quote !== '' || round > 0 || square > 0 || operator.length > index + 1) continue;
    const start = index + 1 - operator.length;
    if (text.slice(start, index + 1) === operator) return start;
  }
  return -1;
}
