import { expect } from 'chai';
import { parseYaml } from '../../../lib/argo/manifest/parse-yaml.js';

describe('parseYaml', () => {
  it('should forgive indentation inside quotes and brackets', () => {
    for (const text of [
      'a:\n  b: ["\n x\n"]\n  c: 1',
      "a: 'x\ny'",
      'a:\n  b: [\n  x,\n y\n]',
      'a: {\nb: 1\n}',
    ]) {
      const { roots, errors } = parseYaml(text);
      expect(errors, text).to.deep.equal([]);
      expect(roots).to.have.length(1);
    }
  });

  it('should map places back to the text that was given', () => {
    const text = 'a:\n  b: ["\n x\n"]\n  c: 1';
    const { source, originalOffset } = parseYaml(text);
    expect(source).to.not.equal(text);
    expect(originalOffset(source.indexOf('c: 1'))).to.equal(text.indexOf('c: 1'));
    expect(originalOffset(source.indexOf('x'))).to.equal(text.indexOf('x'));
    expect(originalOffset(3)).to.equal(3);
  });

  it('should report what was wrong at first when nothing helps', () => {
    for (const text of ['a: "x\nb: 1\nc: "y"', 'a: [x\nb: 1', 'a: "x']) {
      const { errors, originalOffset } = parseYaml(text);
      expect(errors, text).to.not.be.empty;
      expect(originalOffset(text.length)).to.equal(text.length);
    }
  });
});
