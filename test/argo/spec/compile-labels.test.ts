import { expect } from 'chai';
import { compileLabels, invalidLabelMessage, isMetricName } from '../../../lib/argo/spec/compile-labels.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';

function compile(labels: unknown): { keys: string[] | undefined; codes: string[] } {
  const diagnostics: Diagnostic[] = [];
  const compiled = compileLabels(labels, 'labels', reportFor('m', diagnostics));
  return {
    keys: compiled?.map(({ key }) => key.source),
    codes: diagnostics.map(({ code, path }) => `${code} ${path}`),
  };
}

describe('compileLabels', () => {
  it('should take a list of keys and values, or none', () => {
    expect(compile([{ key: 'a', value: '{{x}}' }])).to.deep.equal({ keys: ['a'], codes: [] });
    expect(compile(null)).to.deep.equal({ keys: [], codes: [] });
  });

  it('should refuse all labels when one is wrong', () => {
    expect(
      compile([
        { key: 'a', value: '1' },
        { key: 'a-b', value: '2' },
      ]),
    ).to.deep.equal({
      keys: undefined,
      codes: ['LABEL_INVALID labels[1].key'],
    });
    expect(compile({})).to.deep.equal({ keys: undefined, codes: ['SPEC_INVALID labels'] });
  });

  it('should warn of a key that is given twice', () => {
    expect(
      compile([
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ]).codes,
    ).to.deep.equal(['LABEL_DUPLICATED labels[1]']);
  });

  it('should know names as Argo does', () => {
    expect(['a_1', '_', '1a', 'a:b', ''].map(isMetricName)).to.deep.equal([true, true, false, false, false]);
    expect(invalidLabelMessage('a.b')).to.equal(
      "metric label 'a.b' is invalid: keys may only contain alphanumeric characters or '_'",
    );
  });
});
