// Expressions by the grammar, and text that only looks like one.
import fc from 'fast-check';

const LEAVES = [
  ...[
    '1',
    '0',
    '2.5',
    '0x1F',
    '"a"',
    "'é😀'",
    '`raw`',
    "b'\\x00'",
    'true',
    'nil',
    '[1, 2, 3]',
    '{a: 1}',
    '1..4',
  ],
  ...[
    'status',
    'retries',
    'workflow.name',
    'inputs?.nope',
    'missing',
    "workflow['}}']",
    '#',
    '#acc',
    '.a',
    '#index',
  ],
];
const BINARY =
  '+ - * / % ** ^ == != < > <= >= and or && || in .. matches contains startsWith endsWith ??'.split(' ');
const CALLS =
  'len upper split join repeat int float string max mean sort keys toJSON fromJSON date reverse flatten uniq concat get asInt';
const LOOPS = 'all none any one filter map count find findIndex findLast groupBy sortBy sum reduce'.split(
  ' ',
);

/** Text of an expression; it may well be wrong. */
export const expressionSource = fc.letrec<{ expression: string }>(tie => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.constantFrom(...LEAVES),
      fc
        .tuple(inner, fc.constantFrom(...BINARY), inner)
        .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc.tuple(inner, fc.constantFrom(...BINARY), inner).map(([a, operator, b]) => `${a} ${operator} ${b}`),
      fc.tuple(fc.constantFrom('-', '!', 'not ', '+'), inner).map(([operator, a]) => `${operator}${a}`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `${a} ? ${b} : ${c}`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `if ${a} {${b}} else {${c}}`),
      fc
        .tuple(fc.constantFrom(...CALLS.split(' ')), inner, inner)
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc.tuple(fc.constantFrom(...CALLS.split(' ')), inner).map(([name, a]) => `${a} | ${name}()`),
      fc.tuple(fc.constantFrom(...LOOPS), inner, inner).map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc.tuple(fc.constantFrom(...LOOPS), inner, inner).map(([name, a, b]) => `${name}(${a}, {${b}; #})`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a})[${b}]`),
      fc.tuple(inner, inner).map(([a, b]) => `${a}[${b}:]`),
      fc
        .tuple(inner, fc.constantFrom('.x', '?.y', '?.z.w()', "['not']", '?.[0]'))
        .map(([a, member]) => a + member),
      fc.tuple(inner, inner).map(([a, b]) => `{k: ${a}, (${b}): ${a}}`),
      fc.tuple(inner, inner).map(([a, b]) => `let v = ${a}; ${b}`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a}; ${b})`),
    ),
  };
}).expression;

const SCRAPS =
  '( ) [ ] { } , . ? ?. .. : :: ; # | & ! = < + - * ** / // /* */ % ^ @ \\ \' " ` 1 0x .5 1e9 a not in let if'.split(
    ' ',
  );

/** Pieces of the language in any order. */
export const scraps = fc
  .array(fc.constantFrom(...SCRAPS, ' ', '\n', 'status', 'map(', 'é'), { maxLength: 30 })
  .map(pieces => pieces.join(''));
