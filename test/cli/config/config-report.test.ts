import { expect } from 'chai';
import { ConfigReport, gotText } from '../../../lib/cli/config/config-report.js';

describe('ConfigReport', () => {
  it('counts errors and not warnings', () => {
    const report = new ConfigReport();
    report.add({ code: 'CONFIG_UNSUPPORTED', severity: 'warning', path: 'a', message: 'no effect' });
    expect(report.errorCount).to.equal(0);
    expect(report.refuse('b', 'a text', 3, 'Quote it.')).to.equal(undefined);
    expect(report.errorCount).to.equal(1);
    expect(report.complaints[1]).to.deep.equal({
      ...{ code: 'CONFIG_INVALID', severity: 'error', path: 'b', spot: 'value' },
      ...{ message: 'b must be a text, got 3', hint: 'Quote it.' },
    });
  });

  it('keeps the first fifty, and counts the others', () => {
    const report = new ConfigReport();
    for (let index = 0; index < 60; index++) report.refuse(`k${index}`, 'a text', index);
    expect(report.complaints).to.have.length(50);
    expect(report.complaints.at(-1)?.path).to.equal('k49');
    expect([report.leftOut, report.errorCount]).to.deep.equal([10, 60]);
  });

  it('says what came in the words of YAML, and nothing at length', () => {
    expect([null, undefined, [], [1, 2], {}, { a: 1 }, 'x', 3, true].map(gotText)).to.deep.equal([
      ...['nothing', 'nothing', 'an empty list', 'a list of 2', 'an empty mapping', 'a mapping'],
      ...['"x"', '3', 'true'],
    ]);
    expect(gotText('x'.repeat(10_000)).length).to.be.lessThan(300);
    expect(gotText({ toString: 3, length: 1e9 })).to.equal('a mapping');
  });
});
