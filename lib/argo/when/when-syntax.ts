// Which token may follow which, as govaluate has it. It knows no more of the grammar than that, and reads on from there.
import { WhenError } from './when-error.js';
import type { WhenStage } from './when-error.js';
import type { Token, TokenKind } from './when-tokens.js';

type State = TokenKind | 'UNKNOWN';

const OPERAND: readonly TokenKind[] = ['NUMERIC', 'BOOLEAN', 'VARIABLE', 'ACCESSOR', 'CLAUSE'];
const AFTER_VALUE: readonly TokenKind[] = [
  'MODIFIER',
  'COMPARATOR',
  'LOGICALOP',
  'CLAUSE_CLOSE',
  'SEPARATOR',
];

const NEXT: Readonly<Record<State, ReadonlySet<TokenKind>>> = {
  UNKNOWN: new Set([...OPERAND, 'PREFIX', 'STRING', 'TIME', 'PATTERN']),
  CLAUSE: new Set([...OPERAND, 'PREFIX', 'STRING', 'TIME', 'PATTERN', 'CLAUSE_CLOSE']),
  CLAUSE_CLOSE: new Set<TokenKind>([
    ...AFTER_VALUE,
    ...(['TERNARY', 'NUMERIC', 'BOOLEAN', 'VARIABLE', 'STRING', 'PATTERN', 'TIME', 'CLAUSE'] as const),
  ]),
  NUMERIC: new Set([...AFTER_VALUE, 'TERNARY']),
  BOOLEAN: new Set([...AFTER_VALUE, 'TERNARY']),
  STRING: new Set([...AFTER_VALUE, 'TERNARY']),
  VARIABLE: new Set([...AFTER_VALUE, 'TERNARY']),
  TIME: new Set(AFTER_VALUE),
  PATTERN: new Set(AFTER_VALUE),
  ACCESSOR: new Set([...AFTER_VALUE, 'TERNARY', 'CLAUSE']),
  MODIFIER: new Set([...OPERAND, 'PREFIX', 'STRING', 'CLAUSE_CLOSE']),
  COMPARATOR: new Set([...OPERAND, 'PREFIX', 'STRING', 'TIME', 'PATTERN', 'CLAUSE_CLOSE']),
  LOGICALOP: new Set([...OPERAND, 'PREFIX', 'STRING', 'TIME', 'CLAUSE_CLOSE']),
  PREFIX: new Set([...OPERAND, 'CLAUSE_CLOSE']),
  TERNARY: new Set([...OPERAND, 'PREFIX', 'STRING', 'TIME', 'SEPARATOR']),
  SEPARATOR: new Set([...OPERAND, 'PREFIX', 'STRING', 'TIME']),
};

const CAN_END = new Set<State>([
  'ACCESSOR',
  'BOOLEAN',
  'CLAUSE_CLOSE',
  'NUMERIC',
  'PATTERN',
  'STRING',
  'TIME',
  'VARIABLE',
]);

/** Refuses parentheses that do not pair up in number. @throws WhenError */
export function checkBalance(tokens: readonly Token[]): void {
  const open = tokens.filter(({ kind }) => kind === 'CLAUSE');
  const close = tokens.filter(({ kind }) => kind === 'CLAUSE_CLOSE');
  if (open.length === close.length) return;
  const culprit = open.length > close.length ? open : close;
  throw new WhenError('read', culprit.at(-1)?.position ?? 0, 'Unbalanced parenthesis');
}

/** Refuses tokens that cannot follow one another. @throws WhenError */
export function checkTransitions(tokens: readonly Token[], stage: WhenStage, length: number): void {
  let previous: Token | undefined;
  for (const token of tokens) {
    if (!NEXT[previous?.kind ?? 'UNKNOWN'].has(token.kind)) throw refused(previous, token, stage);
    previous = token;
  }
  if (previous && CAN_END.has(previous.kind)) return;
  throw new WhenError(stage, length, 'Unexpected end of expression');
}

function refused(previous: Token | undefined, token: Token, stage: WhenStage): WhenError {
  if (previous?.kind === 'VARIABLE' && token.kind === 'CLAUSE')
    return new WhenError(stage, previous.position, `Undefined function ${previous.text}`);
  const from = previous ? `${previous.kind} [${shownOf(previous)}]` : 'UNKNOWN [<nil>]';
  const message = `Cannot transition token types from ${from} to ${token.kind} [${shownOf(token)}]`;
  return new WhenError(stage, token.position, message);
}

function shownOf({ shown, text }: Token): string {
  return shown ?? text;
}
