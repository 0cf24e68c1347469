// Goal: what a verdict calls bounded is bounded. Method: texts by the grammar are rendered for many workflows that differ
// in everything they can differ in, and the values that come out are counted.
import { expect } from 'chai';
import fc from 'fast-check';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { chainText, labelVerdicts, verdictText } from '../../../lib/argo/lint/label-verdict.js';
import type { LabelVerdict } from '../../../lib/argo/lint/label-verdict.js';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import { parseTemplate, Rendering } from '../../../lib/argo/template/template.js';
import { addTimeVariables } from '../../../lib/argo/variables/time-variables.js';
import { expressionSource } from '../expression/generated-source.js';
import { metricsOf } from '../custom-store.js';
import { scopeIn } from './manifest-findings.js';

function verdictOf(value: string, spec: object = {}, template?: object): LabelVerdict {
  const metric = { name: 'm', help: 'M', labels: [{ key: 'k', value }], counter: { value: '1' } };
  const [compiled] = compileAlone(metricsOf(metric), '').metrics;
  const scope = scopeIn(spec as Record<string, unknown>, template as Record<string, unknown> | undefined);
  const verdict = compiled && labelVerdicts(compiled, scope)[0];
  if (!verdict) throw new Error(`no verdict of ${value}`);
  return verdict;
}

const PHASES = ['Succeeded', 'Failed', 'Error'];
const RESULTS = ['', 'a', 'b', '-7', '12', '3.5', '["a","b"]', '{"a":1}', 'x y', '2026-01-02T03:04:05Z'];

/** What workflows differ in, one after the other. */
function variablesOf(index: number): Record<string, string> {
  const variables: Record<string, string> = {
    status: PHASES[index % PHASES.length] ?? '',
    'workflow.name': `w-${(index * 7919).toString(36)}${'x'.repeat(index % 9)}`,
    'workflow.uid': String(index),
    duration: (index * 13.7).toFixed(6),
    retries: String(index % 11),
    'outputs.result': index % 2 === 0 ? (RESULTS[(index / 2) % RESULTS.length] ?? '') : String(index - 40),
  };
  addTimeVariables(variables, 'workflow.creationTimestamp', index * 97_000_123);
  return variables;
}

const WORKFLOWS = 80;
const START = 1_700_000_000_000;

function valuesOf(text: string): ReadonlySet<string> {
  const parsed = parseTemplate(text);
  const values = new Set<string>();
  if ('error' in parsed) return values;
  for (let index = 0; index < WORKFLOWS; index++) {
    const budget = new Budget({ now: () => START + index * 86_461_017 });
    const rendered = new Rendering(variablesOf(index), budget).render(parsed.template);
    if ('value' in rendered) values.add(rendered.value);
  }
  return values;
}

const VARIABLES = [
  'status',
  'workflow.name',
  'duration',
  'retries',
  'outputs.result',
  'workflow.creationTimestamp.H',
];
const texts = fc.constantFrom("'a'", "'-'", "'x y'", "''");
const operand: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...VARIABLES, 'workflow', 'now()', 'sprig.now()', '3', '-2', '0.5', 'true', 'nil'),
  texts,
);
const pair = (inner: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> => fc.tuple(inner, inner);

/** Of the functions and forms that the rules know, of each many. */
const known = fc.letrec<{ e: string }>(tie => {
  const e = tie('e');
  const one = (...shapes: readonly ((a: string) => string)[]): fc.Arbitrary<string> =>
    fc.tuple(fc.constantFrom(...shapes), e).map(([shape, a]) => shape(a));
  const two = (...shapes: readonly ((a: string, b: string) => string)[]): fc.Arbitrary<string> =>
    fc.tuple(fc.constantFrom(...shapes), pair(e)).map(([shape, [a, b]]) => shape(a, b));
  return {
    e: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      operand,
      one(
        ...[
          'len',
          'lower',
          'trim',
          'int',
          'asInt',
          'asFloat',
          'string',
          'first',
          'last',
          'toJSON',
          'type',
        ].map(name => (a: string) => `${name}(${a})`),
        ...[
          'round',
          'floor',
          'int',
          'toString',
          'trunc',
          'date',
          'htmlDate',
          'durationRound',
          'toDate',
          'empty',
        ].map(name => (a: string) => `sprig.${name}(${a})`),
        a => `int(asFloat(${a}) / 60)`,
        a => `min(int(asFloat(${a}) / 60), 3)`,
        a => `min(asInt(${a}), 3)`,
        a => `asInt(${a}) % 4`,
        a => `len(${a}) % 3`,
        a => `(${a}).Format('Mon 15')`,
        a => `(${a}).Weekday()`,
        a => `sprig.date('15:04', ${a})`,
        a => `${a} in ['a', 'b'] ? ${a} : 'c'`,
        a => `{'a': 'x', 'b': 'y'}[${a}]`,
        a => `['a', 'b', 'c'][${a}]`,
        a => `'abcdefgh'[0:${a}]`,
        a => `count([1, 2, 30], # > ${a})`,
        a => `filter(['a', 'b'], # == ${a})`,
        a => `find(['a', 'b'], # == ${a})`,
        a => `map([1, 2], ${a})`,
        a => `let v = ${a}; v`,
        a => `let status = ${a}; status`,
        a => `not (${a})`,
        a => `(${a}) | trimPrefix('a')`,
      ),
      two(
        ...['+', '==', '<', 'and', '??', 'contains', '..', '*', '%'].map(
          operator => (a: string, b: string) => `(${a}) ${operator} (${b})`,
        ),
        (a, b) => `split(${a}, ${b})`,
        (a, b) => `sprig.default(${a}, ${b})`,
        (a, b) => `sprig.ternary(${a}, ${b}, status == 'Failed')`,
        (a, b) => `${a} ? ${b} : 'no'`,
        (a, b) => `status == 'Failed' ? ${a} : ${b}`,
        (a, b) => `${a} == 'a' ? ${a} : ${b}`,
        (a, b) => `let v = ${a}; v == 'a' ? v : ${b}`,
        (a, b) => `sprig.trimSuffix(${a}, ${b})`,
        (a, b) => `trim(${a}, ${b})`,
        (a, b) => `[${a}, ${b}]`,
        (a, b) => `sprig.${'date'}(${a}, ${b})`,
        (a, b) => `get({'a': ${a}}, ${b})`,
      ),
    ),
  };
}).e;

const RUNS = Number(process.env['GENERATED_INPUTS'] ?? 1500);

describe('labelVerdicts', () => {
  for (const [what, source] of [
    ['the rules know', known],
    ['the grammar allows', expressionSource],
  ] as const)
    it(`should call nothing bounded that takes more values: expressions that ${what}`, () => {
      let boundedCount = 0;
      fc.assert(
        fc.property(source, expression => {
          const text = `{{=${expression}}}`;
          if ('error' in parseTemplate(text)) return;
          const { verdict, valueCount = 0 } = verdictOf(text);
          if (verdict !== 'bounded') return;
          const values = valuesOf(text);
          if (values.size > 1) boundedCount++;
          expect(values.size, `${text}: ${[...values].slice(0, 5).join(' | ')}`).to.be.at.most(valueCount);
        }),
        { numRuns: RUNS },
      );
      // Else it would be a test of nothing.
      expect(boundedCount).to.be.at.least(what === 'the rules know' ? 10 : 0);
    });

  for (const expression of [
    'workflow.name and true',
    'workflow.name || false',
    "((workflow.creationTimestamp.H and true) ?? 'a') + status",
  ])
    it(`should see the left side that constants leave: ${expression}`, () => {
      const text = `{{=${expression}}}`;
      const { verdict, valueCount = 0 } = verdictOf(text);
      expect(valuesOf(text).size).to.be.greaterThan(9);
      if (verdict === 'bounded') expect(valueCount).to.be.at.least(valuesOf(text).size);
    });

  it('should say what it found, by which way', () => {
    const words = (value: string): string => verdictText(verdictOf(value));
    expect(words('x')).to.equal('at most 1 value');
    expect(words('{{status}}')).to.equal('at most 3 values, by status');
    expect(words('{{workflow.name}}')).to.equal('grows: workflow.name: every workflow adds a series');
    expect(words('{{workflow.labels.team}}')).to.equal(
      'unknown: workflow.labels.team: nothing in the document says how many values it has',
    );
    expect(
      chainText(['steps.a.outputs.result', 'steps.b.outputs.parameters.c', 'inputs.parameters.d']),
    ).to.equal(
      'steps.a.outputs.result, which comes out as steps.b.outputs.parameters.c, which a caller passes in inputs.parameters.d',
    );
    expect(chainText(['workflow.uid', 'a', 'b', 'inputs.parameters.c'])).to.equal(
      'workflow.uid, …, which a caller passes in inputs.parameters.c',
    );
    expect(words(`${'{{workflow.creationTimestamp.S}}'.repeat(20)}`)).to.equal(
      '1e15 values or more, by workflow.creationTimestamp.S',
    );
  });
});
