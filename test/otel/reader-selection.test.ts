import type { InstrumentType, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { ReaderSelection } from '../../lib/otel/reader-selection.js';

const COUNTER = 'COUNTER' as InstrumentType;
const HISTOGRAM = 'HISTOGRAM' as InstrumentType;
const select = (options: object): ReaderSelection => new ReaderSelection(options);
const exporterOf = (methods: object): { exporter: PushMetricExporter } => ({
  exporter: methods as PushMetricExporter,
});

describe('ReaderSelection', () => {
  it('has the defaults of OpenTelemetry, also with an exporter that selects nothing', () => {
    for (const options of [{}, exporterOf({})]) {
      const selection = select(options);
      expect(selection.temporality(COUNTER)).to.equal(1);
      expect(selection.aggregation(COUNTER)).to.deep.equal({ type: 0 });
      expect(selection.cardinalityLimit(COUNTER)).to.equal(2000);
      expect(selection.temporality('SOMETHING_NEW' as InstrumentType)).to.equal(1);
      expect(selection.hasDelta).to.equal(false);
    }
  });

  it("takes the option's word before the exporter's, kind by kind", () => {
    class Exporter {
      readonly #temporality = 0;
      selectAggregationTemporality(): number {
        return this.#temporality; // Called as a method, or this throws.
      }
      selectAggregation(): object {
        return { type: 1 };
      }
    }
    const selection = select({
      ...exporterOf(new Exporter()),
      aggregationTemporalitySelector: (type: string) => (type === 'COUNTER' ? 1 : undefined),
      aggregationSelector: (type: string) => (type === 'COUNTER' ? { type: 3 } : undefined),
      cardinalitySelector: (type: string) => (type === 'COUNTER' ? 10 : 20),
    });
    expect([selection.temporality(COUNTER), selection.temporality(HISTOGRAM)]).to.deep.equal([1, 0]);
    expect([selection.aggregation(COUNTER), selection.aggregation(HISTOGRAM)]).to.deep.equal([
      { type: 3 },
      { type: 1 },
    ]);
    expect([selection.cardinalityLimit(COUNTER), selection.cardinalityLimit(HISTOGRAM)]).to.deep.equal([
      10, 20,
    ]);
    expect(selection.hasDelta).to.equal(true);
  });

  it('finds no wish unmet that is what the store does, and names the others by kind', () => {
    const wishing = (types: Readonly<Record<string, number>>): string[] =>
      select(
        exporterOf({
          selectAggregation: (kind: string) => ({ type: types[kind.replace('OBSERVABLE_', '')] }),
        }),
      ).unmetWishes;
    const own = { COUNTER: 2, UP_DOWN_COUNTER: 2, GAUGE: 3, HISTOGRAM: 4 };
    expect(wishing(own)).to.deep.equal([]);
    for (const kind of Object.keys(own)) {
      const unmet = wishing({ ...own, [kind]: 1 });
      expect(unmet).to.have.length(1);
      expect(unmet[0]).to.match(new RegExp(`^DROP for (OBSERVABLE_)?${kind}\\b`));
    }
  });

  const thrower = (): never => {
    throw new Error('own fault');
  };
  const misuses: [object, string, RegExp][] = [
    [{ aggregationTemporalitySelector: () => 7 }, 'aggregationTemporalitySelector', /0 .* or 1 .*got 7/],
    [{ aggregationSelector: () => 'sum' }, 'aggregationSelector', /from 0 to 5.*got undefined/],
    [{ aggregationSelector: () => ({ type: 9 }) }, 'aggregationSelector', /from 0 to 5.*got 9/],
    [{ cardinalitySelector: () => 0 }, 'cardinalitySelector', /at least 1.*got 0/],
    [{ cardinalitySelector: () => NaN }, 'cardinalitySelector', /at least 1.*got NaN/],
    [{ cardinalitySelector: () => '10' }, 'cardinalitySelector', /at least 1.*got "10"/],
    [{ cardinalitySelector: thrower }, 'cardinalitySelector', /own fault/],
    [exporterOf({ selectAggregation: thrower }), 'aggregationSelector', /own fault/],
  ];
  for (const [options, name, text] of misuses)
    it(`refuses ${name} with the value and the bound: ${text}`, () => {
      expect(() => select(options))
        .to.throw(text)
        .with.property('code', 'INVALID_OPTION');
      expect(() => select(options)).to.throw(name);
    });
});
