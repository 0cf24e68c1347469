// Goal: `lint` finds no mistake where the real controller found none. Method: the manifests of its recordings. One that it
// complained about must have a finding; one that it did not complain about must have no error.
import { expect } from 'chai';
import { ManifestLinter } from '../../../lib/argo/lint/manifest-linter.js';
import { listFiles, readText } from '../../support/source-tree.js';

const FOLDER = 'test/argo/golden/cases';

/** Where something else than a metric is wrong, or the controller took what it should not have taken. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'invalid-workflow': 'its templates are wrong, not its metrics',
  'output-defaults': 'only a node that failed before it ran has no outputs',
  'retry-then-success': 'only attempts before the last one have no retries',
};

interface Recording {
  readonly metricsErrorConditions?: Readonly<Record<string, string>>;
}

describe('lint of recorded manifests', () => {
  const manifests = listFiles(FOLDER).filter(path => path.endsWith('/workflow.yaml'));

  it('should be more than thirty', () => {
    expect(manifests.length).to.be.greaterThan(30);
  });

  for (const path of manifests) {
    const name = path.split('/').at(-2) ?? '';
    it(`should say of ${name} what the controller said`, () => {
      const { findings } = new ManifestLinter().lint(path, readText(path));
      const recording = JSON.parse(readText(path.replace('workflow.yaml', 'case.json'))) as Recording;
      const complaints = Object.keys(recording.metricsErrorConditions ?? {});
      // What only the API server refuses the recordings did not meet.
      const found = findings.filter(({ code }) => code !== 'CRD_VIOLATED');
      const errors = found.filter(({ severity }) => severity === 'error');
      if (name in OTHERWISE) return;
      if (complaints.length === 0) expect(errors).to.deep.equal([]);
      else expect(found).to.not.be.empty;
    });
  }
});
