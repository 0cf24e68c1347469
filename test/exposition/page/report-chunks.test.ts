import { expect } from 'chai';
import fc from 'fast-check';
import { reportChunks } from '../../../lib/exposition/page/report-chunks.js';
import { OUT_BYTES } from '../../../lib/exposition/rows/row-layout.js';
import type { CardinalityReport } from '../../../lib/store/definition/cardinality-report.js';
import { HOSTILE, metric, report } from '../../../scripts/page-reports.mjs';

describe('reportChunks', () => {
  const chunksOf = (made: CardinalityReport): Uint8Array[] => [...reportChunks(made)];
  const jsonOf = (made: CardinalityReport): unknown =>
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunksOf(made))));

  it('should be the same as JSON, whatever the texts are', () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }));
    const property = fc.property(fc.array(text), names => {
      const made = report(names.map(name => metric({ name, scope: name })));
      expect(jsonOf(made)).to.deep.equal(made);
    });
    fc.assert(property);
    expect(jsonOf(report([]))).to.deep.equal(report([]));
  });

  it('should fit into the chunks that an answer holds, however many metrics there are and however long they are', () => {
    const long = metric({ name: '\u{1f469}'.repeat(OUT_BYTES) });
    for (const metrics of [Array.from({ length: 5000 }, () => metric()), [long, metric(), long]]) {
      const chunks = chunksOf(report(metrics));
      expect(chunks.length).to.be.greaterThan(8);
      for (const { length } of chunks) expect(length).to.be.within(1, OUT_BYTES);
      expect(jsonOf(report(metrics))).to.deep.equal(report(metrics));
    }
  });

  it('should be made while it is read', () => {
    let made = 0;
    const metrics = Array.from({ length: 5000 }, () => ({ ...metric(), toJSON: () => (made++, metric()) }));
    for (const _ of reportChunks(report(metrics))) break;
    expect(made).to.be.within(1, 4999);
  });
});
