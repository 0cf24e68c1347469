import { expect } from 'chai';
import { LineIndex } from '../../../lib/argo/manifest/line-index.js';

describe('LineIndex', () => {
  it('should count lines and columns from 1', () => {
    const index = new LineIndex('ab\n\ncd');
    expect([0, 2, 3, 4, 5, 99].map(offset => index.at(offset))).to.deep.equal([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 3, column: 3 },
    ]);
  });

  it('should give lines without their ends', () => {
    const index = new LineIndex('ab\r\n\ncd');
    expect([1, 2, 3, 4].map(line => index.lineText(line))).to.deep.equal(['ab', '', 'cd', '']);
  });
});
