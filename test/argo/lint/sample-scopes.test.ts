import { expect } from 'chai';
import { domainOf, sampleScopes } from '../../../lib/argo/lint/sample-scopes.js';
import { scopeIn } from './manifest-findings.js';

const container = { name: 't', container: {} };

describe('domainOf', () => {
  it('should give the phases that a metric can meet', () => {
    const ends = ['Succeeded', 'Failed', 'Error'];
    expect(domainOf('status', scopeIn({}, container), false).values).to.deep.equal(ends);
    expect(domainOf('status', scopeIn({}, { ...container, daemon: true }), false).values).to.include(
      'Running',
    );
    expect(domainOf('status', scopeIn({}, container), true).values).to.include('Pending');
    expect(domainOf('workflow.status', scopeIn({}), false).values).to.deep.equal(ends);
    expect(domainOf('workflow.status', scopeIn({ templates: [] }, container), false).values).to.not.include(
      'Failed',
    );
    expect(domainOf('workflow.status', scopeIn({ onExit: 'x' }, container), false).values).to.include(
      'Failed',
    );
    expect(domainOf('workflow.status', scopeIn({}, container, 'WorkflowTemplate'), false).values).to.include(
      'Failed',
    );
  });

  it('should leave open what people write', () => {
    const scope = scopeIn({}, container);
    expect(domainOf('inputs.parameters.a', scope, false).isClosed).to.equal(false);
    expect(domainOf('workflow.creationTimestamp.Y', scope, false)).to.deep.equal({
      values: ['2026'],
      isClosed: true,
    });
  });
});

describe('sampleScopes', () => {
  it('should combine closed values, and give open variables one text at a time', () => {
    const scope = scopeIn({}, container);
    const domains = new Map(
      ['status', 'duration', 'inputs.parameters.a'].map(name => [name, domainOf(name, scope, false)]),
    );
    const scopes = [...sampleScopes(domains)];
    expect(new Set(scopes.map(({ status, duration }) => `${status} ${duration}`)).size).to.equal(12);
    expect(new Set(scopes.map(variables => variables['inputs.parameters.a'])).size).to.be.greaterThan(8);
    expect([...sampleScopes(new Map())]).to.have.length(1);
  });

  it('should give none where there are too many', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const domain = { values: ['a', 'b'], isClosed: true };
    expect([...sampleScopes(new Map(names.map(name => [name, domain])))]).to.deep.equal([]);
  });
});
