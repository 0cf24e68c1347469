// Goal: verdicts are right in manifests as people write them, with all that passes values on in them, and nothing else is said of
// those. Method: whole manifests where beside each label stands what a person made of it.
import { expect } from 'chai';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import { listFiles, readText } from '../../support/source-tree.js';

const FOLDER = 'test/argo/lint/golden/labels';

function expectedIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, key = '', expected] = /\{ key: (\w+), .* # (\d+|grows|unknown)$/.exec(line) ?? [];
    return expected === undefined ? [] : [`${index + 1} ${key} ${expected}`];
  });
}

describe('labels in manifests as people write them', () => {
  for (const path of listFiles(FOLDER))
    it(`should give in ${path.slice(FOLDER.length + 1)} the verdicts beside the labels`, () => {
      const text = readText(path);
      const { verdicts, findings } = new ManifestLinter({ withVerdicts: true }).lint(path, text);
      const said = verdicts.map(({ line, label, verdict, valueCount = 0 }) => {
        const word = { bounded: String(valueCount), growing: 'grows', unknown: 'unknown' }[verdict];
        return `${line} ${label} ${word}`;
      });
      expect(said).to.deep.equal(expectedIn(text));
      const growing = expectedIn(text).filter(line => line.endsWith('grows'));
      expect(findings.map(({ line, code }) => `${line} ${code}`)).to.deep.equal(
        growing.map(line => line.replace(/ .*/, ' CARDINALITY_HAZARD')),
      );
    });
});
