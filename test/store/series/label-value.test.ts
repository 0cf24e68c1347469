import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalizeLabels } from '../../../lib/store/series/attributes.js';
import { LabelValue } from '../../../lib/store/series/label-value.js';

const LENGTH_MAX = 40;

/** Names and values that look like pieces of the text that they stand in. */
const name = fc.oneof(
  fc.constantFrom('n', 'pod', ',"pod":', '":', '{"pod":1}', '\\', '\\"', '', '__proto__'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const item = fc.oneof(name, fc.double(), fc.boolean());
const value = fc.oneof(item, fc.array(item, { maxLength: 3 }));

describe('LabelValue', () => {
  it('should find what the place of the value is called, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), name, (entries, label) => {
        const labels = new Map(entries);
        const { text } = canonicalizeLabels(labels, LENGTH_MAX);
        const found = new LabelValue(label).in(text);
        if (!labels.has(label)) expect(found).to.equal(undefined);
        else
          expect(`{"":${found}}`).to.equal(
            canonicalizeLabels(new Map([['', labels.get(label)]]), LENGTH_MAX).text,
          );
      }),
      { numRuns: 2000 },
    );
  });

  it('should find nothing where there is nothing', () => {
    for (const text of ['{}', '', '{"pods":1}', '{"a":"pod"}', '{"a":["a","pod"]}'])
      expect(new LabelValue('pod').in(text), text).to.equal(undefined);
  });
});
