import { expect } from 'chai';
import { bucketLine, sampleLine, writtenName } from '../../../lib/exposition/writer/template-lines.js';

describe('template lines', () => {
  it('should have braces for labels', () => {
    expect(sampleLine('a', 0)).to.deep.equal({
      head: 'a{',
      tail: '} ',
      bare: 'a ',
      column: 0,
      isCumulative: false,
    });
    expect(bucketLine('a', '0.5', 4, true)).to.deep.equal({
      head: 'a_bucket{',
      tail: ',le="0.5"} ',
      bare: 'a_bucket{le="0.5"} ',
      column: 4,
      isCumulative: true,
    });
  });

  it('should have a name within them that needs quotes', () => {
    expect(sampleLine('a.b', 1)).to.include({ head: '{"a.b",', tail: '} ', bare: '{"a.b"} ' });
    expect(bucketLine('a.b', '+Inf', 0, false)).to.include({
      head: '{"a.b_bucket",',
      tail: ',le="+Inf"} ',
      bare: '{"a.b_bucket",le="+Inf"} ',
    });
    expect(sampleLine('a,"\\\n', 1).bare).to.equal('{"a,\\"\\\\\\n"} ');
  });

  it('should quote names only that need it', () => {
    expect(['a:b_1', 'a.b', '2', 'ä'].map(writtenName)).to.deep.equal(['a:b_1', '"a.b"', '"2"', '"ä"']);
  });
});
