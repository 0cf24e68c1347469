import { expect } from 'chai';
import type { DiagnosticCode } from '../../../lib/argo/diagnostic/diagnostic.js';
import type { Finding } from '../../../lib/argo/lint/finding.js';
import { silence } from '../../../lib/argo/lint/silenced-lines.js';

const at = (line: number, code: DiagnosticCode): Finding => ({
  ...{ file: 'f', line, column: 3, length: 1, lineText: '' },
  ...{ code, severity: 'error', path: '', message: '' },
});
const kept = (text: string, ...findings: Finding[]): string[] =>
  silence('f', text, findings).findings.map(({ line, column, code }) => `${line}:${column} ${code}`);
const COMMENT = '# otel-argo-metrics-disable-next-line';

describe('silence', () => {
  it('should take out the codes that the comment before names, on that line only', () => {
    const text = `a: 1\n  ${COMMENT} HELP_MISSING, NAME_INVALID\nb: 2\nc: 3\n`;
    const findings = [
      at(1, 'HELP_MISSING'),
      at(3, 'HELP_MISSING'),
      at(3, 'VALUE_MISSING'),
      at(4, 'NAME_INVALID'),
    ];
    expect(kept(text, ...findings)).to.deep.equal([
      '1:3 HELP_MISSING',
      '3:3 VALUE_MISSING',
      '4:3 NAME_INVALID',
    ]);
    expect(silence('f', text, findings).silencedCount).to.equal(1);
  });

  it('should pass over other comments, blank lines and line ends of Windows', () => {
    const text = `${COMMENT} HELP_MISSING\r\n# why\r\n\r\n${COMMENT} NAME_INVALID\r\na: 1\r\n`;
    expect(kept(text, at(5, 'HELP_MISSING'), at(5, 'NAME_INVALID'))).to.deep.equal([]);
  });

  it('should take a comment at the end of a line too, with a reason', () => {
    expect(
      kept(
        `a: 1 ${COMMENT} HELP_MISSING -- NAME_INVALID is not meant\nb: 2\n`,
        at(2, 'HELP_MISSING'),
        at(2, 'NAME_INVALID'),
      ),
    ).to.deep.equal(['2:3 NAME_INVALID']);
  });

  it('should say that a comment without a code silences nothing', () => {
    expect(kept(`a: 1\n  ${COMMENT}\nb: 2\n`, at(3, 'HELP_MISSING'))).to.deep.equal([
      '2:3 SILENCING_INVALID',
      '3:3 HELP_MISSING',
    ]);
    expect(kept(`${COMMENT} -- because\na: 1\n`)).to.deep.equal(['1:1 SILENCING_INVALID']);
    expect(kept(`${COMMENT}-x HELP_MISSING\na: 1\n`, at(2, 'HELP_MISSING'))).to.deep.equal([
      '2:3 HELP_MISSING',
    ]);
  });

  it('should say which word is no code, and silence the others', () => {
    const text = `${COMMENT} HELP_MISING, NAME_INVALID\na: 1\n${COMMENT} name_invalid\nb: 1\n`;
    const { findings } = silence('f', text, [at(2, 'NAME_INVALID'), at(4, 'NAME_INVALID')]);
    expect(findings.map(({ line, code, message, hint }) => [line, code, message, hint])).to.deep.equal([
      [
        1,
        'SILENCING_INVALID',
        'the comment names "HELP_MISING", which is no code',
        'Did you mean HELP_MISSING?',
      ],
      [
        3,
        'SILENCING_INVALID',
        'the comment names "name_invalid", which is no code',
        'Did you mean NAME_INVALID?',
      ],
      [4, 'NAME_INVALID', '', undefined],
    ]);
    const long = silence('f', `${COMMENT} ${'X'.repeat(10_000)}\na: 1\n`, []).findings[0];
    expect(long?.message.length).to.be.lessThan(100);
    expect(long?.hint).to.equal('What is said after -- is no code.');
  });
});
