import type { Attributes } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import { labelRules, labelText } from '../../../lib/exposition/labels/label-text.js';
import type { LabelRules } from '../../../lib/exposition/labels/label-text.js';
import { labelPutter } from '../../../lib/exposition/labels/label-bytes.js';
import { TextBytes } from '../../../lib/exposition/labels/text-bytes.js';
import { canonicalize, parseAttributes } from '../../../lib/store/series/attributes.js';
import type { SeriesLabels, StreamDefinition } from '../../../lib/store/definition/stream.js';
import { stream } from '../streams.js';

describe('labelPutter', () => {
  /** The second of two texts, so that it does not begin at the begin. */
  const written = (series: SeriesLabels, rules: LabelRules): string => {
    const into = new TextBytes(2, 0);
    const put = labelPutter(rules);
    put(series, into);
    put(series, into);
    expect(into.byteString(1)).to.equal(into.byteString(0));
    return Buffer.from(into.byteString(1), 'latin1').toString();
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
  const check = (
    given: Record<string, unknown>,
    definition: Partial<StreamDefinition>,
    utf8Names: boolean,
  ): void => {
    const { text } = canonicalize(given, 1000);
    const attributes = parseAttributes(text);
    const rules = labelRules(stream(definition).definition, utf8Names);
    expect(written({ attributes, text }, rules), text).to.equal(labelText(attributes, rules));
  };

  it('should be what the attributes say, whatever they are', () => {
    fc.assert(fc.property(someAttributes, someDefinition, fc.boolean(), check), { numRuns: 3000 });
  });

  it('should not read the attributes of a plain series', () => {
    const series = {
      text: '{"job":"a, b","n":1.5,"ok":true,"pod":"ä"}',
      get attributes(): Attributes {
        throw new Error('was read');
      },
    };
    const rules = labelRules(stream({ scope: { name: 'm' } }).definition);
    expect(written(series, rules)).to.equal('job="a, b",n="1.5",ok="true",otel_scope_name="m",pod="ä"');
    expect(written({ attributes: {}, text: '{}' }, rules)).to.equal('otel_scope_name="m"');
  });

  it('should take the way that keeps nothing when there is one', () => {
    const rules = labelRules(stream({}).definition);
    const series = { attributes: { a: 'kept' }, readAttributes: () => ({ a: 'read' }), text: '{"a.b":"x"}' };
    expect(written(series, rules)).to.contain('a="read"');
  });
});
