import { expect } from 'chai';
import type { Finding } from '../../lib/argo/lint/manifest-linter.js';
import { findingText } from '../../lib/cli/finding-text.js';

const finding: Finding = {
  ...{ code: 'VALUE_INVALID', severity: 'error', path: 'p', message: 'no number', file: 'a.yaml' },
  ...{ line: 12, column: 8, length: 3, lineText: 'value: abc' },
};

describe('findingText', () => {
  it('should show the place, the complaint, the line and what is meant', () => {
    expect(findingText({ ...finding, hint: 'Mend it.' }, false)).to.equal(
      [
        'a.yaml:12:8: error VALUE_INVALID: no number',
        '  12 | value: abc',
        '     |        ^^^',
        '  hint: Mend it.',
        '',
      ].join('\n'),
    );
  });

  it('should keep tabs, so that the mark stands where it should', () => {
    expect(findingText({ ...finding, lineText: '\tval:\tabc', column: 7 }, false)).to.contain(
      '| \t    \t^^^',
    );
  });

  it('should show a part of a long line', () => {
    const lineText = `${'x'.repeat(500)}abc${'y'.repeat(500)}`;
    const [, source = '', marker = ''] = findingText({ ...finding, lineText, column: 501 }, false).split(
      '\n',
    );
    expect(source.length).to.be.below(140);
    expect(source.slice(marker.indexOf('^'), marker.lastIndexOf('^') + 1)).to.equal('abc');
  });

  it('should not let a manifest steer the terminal', () => {
    const text = findingText(
      { ...finding, message: 'a\x1b[2Jb\nc', lineText: '\x1b]0;x\x07 abc \u202E', hint: '\x9b1m' },
      false,
    );
    expect(text).to.contain('a\\u001b[2Jb\\nc');
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text).to.not.match(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('should color when asked to', () => {
    expect(findingText(finding, true)).to.contain('\x1b[31merror\x1b[39m');
  });
});
