import { expect } from 'chai';
import { findingsIn, gauge, inTemplate } from './manifest-findings.js';

const TEMPLATE = {
  container: {},
  inputs: { parameters: [{ name: 'n' }] },
  outputs: { parameters: [{ name: 'o' }] },
};
const said = (value: string): string =>
  findingsIn(inTemplate(gauge(value), TEMPLATE), 'VALUE_INVALID').join('\n');
const buckets = (value: string, ...bounds: readonly number[]): string[] => {
  const histogram = { name: 'm', help: 'M', histogram: { value, buckets: bounds } };
  return findingsIn(inTemplate(histogram, TEMPLATE), 'BUCKETS_TOO_FINE');
};

describe('reportValueOutcomes', () => {
  it('should refuse values that are never numbers', () => {
    for (const value of [
      '{{status}}',
      '{{duration}}s',
      '{{duration}} / 60',
      '{{resourcesDuration.cpu}}/{{resourcesDuration.memory}}',
      "{{=status == 'Failed'}}",
      "{{=inputs.parameters.n == 'x'}}",
      '{{=lower(status)}}',
      '{{pod.name}}',
      '{{workflow.creationTimestamp}}',
      '{{workflow.creationTimestamp.B}}',
      '{{=workflow.creationTimestamp}}',
      '{{workflow.scheduledTime}}',
      '{{=workflow.scheduledTime}}',
      '{{inputs.parameters.n}} rows',
    ])
      expect(said(value), value).to.match(/^error VALUE_INVALID/);
  });

  it('should pass what may be one', () => {
    for (const value of [
      '{{duration}}',
      '{{inputs.parameters.n}}',
      '-{{outputs.parameters.o}}',
      '{{inputs.parameters.n}}.{{outputs.parameters.o}}',
      '{{workflow.creationTimestamp.s}}',
      "{{=jsonpath(outputs.parameters.o, '$.a')}}",
      "{{=status == 'Failed' ? 1 : 0}}",
      '{{=asFloat(duration) / 60}}',
      '{{workflow.parameters.x}}',
      '{{exitCode}}',
    ])
      expect(said(value), value).to.equal('');
  });

  it('should show how a number is made of it', () => {
    expect(said("{{=status == 'Failed'}}")).to.match(/\{\{=\(status == 'Failed'\) \? 1 : 0\}\}/);
    expect(said('{{duration}}/60')).to.match(/only an expression calculates/);
  });

  it('should refuse a map, and know what can be made of one', () => {
    expect(said('{{=resourcesDuration}}')).to.match(/^error VALUE_INVALID.*resourcesDuration\.cpu/);
    expect(said('{{=workflow.labels}}')).to.match(/^error VALUE_INVALID/);
    expect(said('{{=len(workflow.labels)}}')).to.equal('');
    expect(said('{{=asFloat(resourcesDuration.cpu)}}')).to.equal('');
  });

  it('should warn of buckets of a duration that are finer than a second', () => {
    expect(buckets('{{duration}}', 0.5, 1, 5)[0]).to.match(/^warning BUCKETS_TOO_FINE.*up to 0\.5 s/);
    expect(buckets('{{ duration }}', 0, 1, 2.5)).to.deep.equal([]);
    expect(buckets('{{inputs.parameters.n}}', 0.5)).to.deep.equal([]);
  });
});
