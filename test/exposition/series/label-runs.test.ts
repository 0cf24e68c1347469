import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import { labelRules, labelText } from '../../../lib/exposition/labels/label-text.js';
import type { LabelRules } from '../../../lib/exposition/labels/label-text.js';
import { labelMaker } from '../../../lib/exposition/labels/label-maker.js';
import { LabelRuns } from '../../../lib/exposition/series/label-runs.js';
import type { LabelRun } from '../../../lib/exposition/series/label-runs.js';
import { compiledKernel, plainKernel } from '../../../lib/exposition/rows/row-kernel.js';
import { RULES_BYTES, RUN_BYTES, RUN_ROWS } from '../../../lib/exposition/rows/row-layout.js';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { canonicalize, parseAttributes } from '../../../lib/store/series/attributes.js';
import type { SeriesLabels, StreamDefinition } from '../../../lib/store/definition/stream.js';
import { stream } from '../streams.js';

const textOf = ({ bytes, offsets }: LabelRun, row: number): string =>
  bytes.toString('utf8', offsets[row], offsets[row + 1]);

for (const [name, kernel] of [
  ['compiled', compiledKernel()],
  ['plain', plainKernel()],
] as const)
  describe(`LabelRuns of the ${name} kernel`, () => {
    const runsOf = async (series: readonly SeriesLabels[], rules: LabelRules): Promise<readonly LabelRun[]> =>
      new LabelRuns(labelMaker(rules), kernel).make(series, Uint32Array.from(series.keys()), new TimeSlice());

    /** The second of two texts, so that it does not begin at the begin. */
    const written = async (series: SeriesLabels, rules: LabelRules): Promise<string> => {
      const [run] = await runsOf([series, series], rules);
      if (run?.rows !== 2) throw new Error('not both in one run');
      expect(textOf(run, 1)).to.equal(textOf(run, 0));
      return textOf(run, 1);
    };

    const someKey = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('a', 'b_c', 'k8s', 'Z', '_x', 'le', 'otel_scope_name', 'otel_scope', 'p'),
      },
      fc.constantFrom('a.b', 'a__b', '__name__', '', '1', 'ä', '__proto__'),
      fc.string({ maxLength: 4, unit: 'binary' }),
    );
    const someValue = fc.oneof(
      { weight: 3, arbitrary: fc.string({ maxLength: 8 }) },
      fc.string({ maxLength: 5, unit: 'binary' }),
      fc.constantFrom('', '"', '\\', '\n', '\ud800', '\u2028', ',', '}', 'a":"b', 'ä✓'),
      fc.double(),
      fc.boolean(),
      fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.integer()), { maxLength: 3 }),
    );
    const someAttributes = fc.dictionary(someKey, someValue as fc.Arbitrary<unknown>, { maxKeys: 6 });
    const someDefinition = fc.record({
      kind: fc.constantFrom('COUNTER', 'HISTOGRAM'),
      verbatim: fc.boolean(),
      scope: fc.constantFrom(
        { name: '' },
        { name: 'a"\n' },
        { name: 's', version: '1', schemaUrl: 'https://x' },
      ),
    }) as fc.Arbitrary<Partial<StreamDefinition>>;

    /** As the store has a series: its attributes are those of its text. */
    const check = async (
      given: Record<string, unknown>,
      definition: Partial<StreamDefinition>,
      utf8Names: boolean,
    ): Promise<void> => {
      const { text } = canonicalize(given, 1000);
      const attributes = parseAttributes(text);
      const rules = labelRules(stream(definition).definition, utf8Names);
      expect(await written({ attributes, text }, rules), text).to.equal(labelText(attributes, rules));
    };

    it('should be what the attributes say, whatever they are', async () => {
      await fc.assert(fc.asyncProperty(someAttributes, someDefinition, fc.boolean(), check), {
        numRuns: 3000,
      });
    });

    it('should not read the attributes of a plain series', async () => {
      const series = {
        text: '{"job":"a, b","n":1.5,"ok":true,"pod":"ä"}',
        get attributes(): Attributes {
          throw new Error('was read');
        },
      };
      const rules = labelRules(stream({ scope: { name: 'm' } }).definition);
      expect(await written(series, rules)).to.equal(
        'job="a, b",n="1.5",ok="true",otel_scope_name="m",pod="ä"',
      );
      expect(await written({ attributes: {}, text: '{}' }, rules)).to.equal('otel_scope_name="m"');
    });

    it('should take the way that keeps nothing when there is one', async () => {
      const rules = labelRules(stream({}).definition);
      const series = {
        attributes: { a: 'kept' },
        readAttributes: () => ({ a: 'read' }),
        text: '{"a.b":"x"}',
      };
      expect(await written(series, rules)).to.contain('a="read"');
    });

    /** Every row of all runs: its series' text, in an order of bytes within its run. */
    const expectAll = async (values: readonly unknown[], rules: LabelRules): Promise<readonly LabelRun[]> => {
      const series = values.map(value => {
        const { text } = canonicalize({ k: value }, Infinity);
        return { attributes: parseAttributes(text), text };
      });
      const runs = await runsOf(series, rules);
      const seen: number[] = [];
      for (const run of runs) {
        expect(run.rows).to.equal(run.positions.length).and.to.be.greaterThan(0);
        let before: Uint8Array = Buffer.alloc(0);
        for (let row = 0; row < run.rows; row++) {
          const text = run.bytes.subarray(run.offsets[row], run.offsets[row + 1]);
          expect(Buffer.compare(before, text)).to.be.at.most(0);
          before = text;
          const position = run.positions[row] ?? -1;
          seen.push(position);
          const expected = labelText(series[position]?.attributes ?? {}, rules);
          if (text.toString() !== expected) expect(text.toString()).to.equal(expected);
        }
      }
      expect(seen.sort((a, b) => a - b)).to.deep.equal([...values.keys()]);
      return runs;
    };

    it('should sort each run by bytes, whatever the texts are', async () => {
      const someText = fc.oneof(
        fc.string({ maxLength: 12, unit: 'binary' }),
        fc.string({ maxLength: 20, unit: fc.constantFrom('a', 'b', '\u0000') }),
        fc.constantFrom('', '\u0000', '\u0000\u0000', '\uffff', '\u{10000}'),
      );
      const rules = labelRules(stream({ scope: { name: 's' } }).definition);
      await fc.assert(
        fc.asyncProperty(fc.array(someText, { maxLength: 500, size: 'max' }), async values => {
          await expectAll(values, rules);
        }),
        { numRuns: 100 },
      );
    });

    it('should make several runs of very many series, equal ones and those that begin alike among them', async () => {
      const rules = labelRules(stream({ scope: { name: 's' } }).definition);
      const values = Array.from({ length: 2 * RUN_ROWS + 10 }, (_, index) =>
        index % 5 === 0 ? 'x'.repeat(index % 40) : `the same beginning ${(index * 7919) % 4003}`,
      );
      const runs = await expectAll(values, rules);
      expect(runs.map(({ rows }) => rows)).to.deep.equal([RUN_ROWS, RUN_ROWS, 10]);
      await expectAll(
        Array.from({ length: RUN_ROWS }, () => 'the same'),
        rules,
      );
    });

    it('should make what has no room in the kernel by other means', async () => {
      const rules = labelRules(stream({ scope: { name: 's' } }).definition);
      const long = 'x'.repeat(RUN_BYTES);
      const half = 'y'.repeat(RUN_BYTES / 2);
      const runs = await expectAll(['a', long, 'b', half, half, 'c\n', `${half}\\`], rules);
      expect(runs.length).to.be.greaterThan(3);
      const name = 'n'.repeat(RULES_BYTES);
      await expectAll(['a', 'b'], labelRules(stream({ scope: { name } }).definition));
    });
  });
