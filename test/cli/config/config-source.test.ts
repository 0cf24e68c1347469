import { expect } from 'chai';
import { sourceText } from '../../../lib/cli/config/config-source.js';

describe('sourceText', () => {
  it('says where a value comes from', () => {
    expect(sourceText({ kind: 'default' })).to.equal('default');
    expect(sourceText({ kind: 'file', file: 'a.yaml', line: 3 })).to.equal('from a.yaml:3');
    expect(sourceText({ kind: 'environment', variable: 'OTEL_LOG_LEVEL' })).to.equal('from OTEL_LOG_LEVEL');
    expect(sourceText({ kind: 'flag', flag: 'listen' })).to.equal('from --listen');
  });
});
