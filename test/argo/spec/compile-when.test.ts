import { expect } from 'chai';
import { compileWhen } from '../../../lib/argo/spec/compile-when.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

function compile(when: unknown): { source: string | undefined; said: string[] } {
  const diagnostics: Diagnostic[] = [];
  const template = compileWhen(when, 'm', 'p', reportFor('m', diagnostics));
  return { source: template?.source, said: diagnostics.map(({ severity, code }) => `${severity} ${code}`) };
}

describe('compileWhen', () => {
  it('should take none for always, and a boolean for its text', () => {
    expect(compile(undefined)).to.deep.equal({ source: '', said: [] });
    expect(compile(true)).to.deep.equal({ source: 'true', said: [] });
  });

  it('should decide what has no tags, and keep what is wrong for the emission to fail', () => {
    expect(compile('a == b')).to.deep.equal({ source: 'a == b', said: [] });
    expect(compile('"a')).to.deep.equal({ source: '"a', said: ['error WHEN_INVALID'] });
    expect(compile('a')).to.deep.equal({ source: 'a', said: ['error WHEN_INVALID'] });
  });

  it('should refuse only what no value of the tags can mend', () => {
    expect(compile("{{status}} == 'Failed").said).to.deep.equal(['error WHEN_INVALID']);
    for (const when of ['{{a}}', '{{a}} && {{b}} == 1', '!{{a}}', '{{status}} == Failed || {{n}} == 5'])
      expect(compile(when), when).to.deep.equal({ source: when, said: [] });
  });
});
