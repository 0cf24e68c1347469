// Text for properties of `when`: well-formed, nearly so, and loose tokens.
import fc from 'fast-check';

const OPERATORS = '+ - * / & | ^ ** % >> << == != > >= < <= =~ !~ in && || ? : ?? ,'.split(' ');
const ATOMS = [
  ...[
    'a',
    'Failed',
    'true',
    'false',
    '0',
    '1',
    '2.5',
    '.5',
    '0x1F',
    "'a b'",
    '"x"',
    "''",
    '[a-b]',
    'a.B',
    'a.b',
  ],
  ...["'2026-01-02'", "'12:30PM'", "'^a'", "'a('", 'e3', '1\\e3', 'grüße', '😀', '\\', '1.2.3', '0x', 'nil'],
];

const text = fc.letrec<{ node: string; chain: string }>(tie => ({
  chain: fc
    .tuple(tie('node'), fc.array(fc.tuple(fc.constantFrom(...OPERATORS), tie('node')), { maxLength: 3 }))
    .map(([first, rest]) => [first, ...rest.flat()].join(' ')),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...ATOMS),
    tie('chain').map(inner => `(${inner})`),
    fc.tuple(fc.constantFrom('!', '-', '~'), tie('node')).map(([prefix, inner]) => prefix + inner),
    tie('chain').map(inner => `a.B (${inner})`),
  ),
}));

/** By the grammar; what its operators are used with is another matter. */
export const anyWhenText = text.chain;

/** Tokens in any order, with and without spaces. */
export const looseWhenText = fc
  .array(
    fc.tuple(
      fc.constantFrom(...ATOMS, ...OPERATORS, '(', ')', '!', "'", '"', '[', ']'),
      fc.constantFrom('', ' '),
    ),
    {
      maxLength: 12,
    },
  )
  .map(parts => parts.flat().join(''));
