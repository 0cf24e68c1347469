import { expect } from 'chai';
import { brokenEmission, checkEmission } from '../../../lib/argo/emit/emission-request.js';

describe('checkEmission', () => {
  const scope = { variables: {} };
  const options = { owner: 'o' };

  it('should find nothing wrong with what emit documents', () => {
    expect(checkEmission(scope, options)).to.equal(undefined);
    const full = { owner: '', subject: '', emissionId: '', realtimeOnly: true };
    expect(checkEmission({ variables: {}, realtime: {} }, full)).to.equal(undefined);
  });

  const wrong: [unknown, unknown, string, string][] = [
    [undefined, options, 'scope', 'scope must be an object, got undefined'],
    [null, options, 'scope', 'got null'],
    [[], options, 'scope', 'got a list'],
    [{}, options, 'scope.variables', 'got undefined'],
    [{ variables: null }, options, 'scope.variables', 'got null'],
    [{ variables: {}, realtime: 5 }, options, 'scope.realtime', 'got number'],
    [scope, undefined, 'options', 'with an owner, got undefined'],
    [scope, {}, 'options.owner', 'options.owner must be a text, got undefined'],
    [scope, { owner: 5 }, 'options.owner', 'got number'],
    [scope, { owner: 'o', subject: null }, 'options.subject', 'got null'],
    [scope, { owner: 'o', emissionId: 7 }, 'options.emissionId', 'got number'],
  ];
  for (const [givenScope, givenOptions, path, message] of wrong)
    it(`should report: ${message}`, () => {
      const diagnostic = checkEmission(givenScope, givenOptions);
      expect(diagnostic).to.include({ code: 'EMISSION_INVALID', severity: 'error', path });
      expect(diagnostic?.message).to.contain(message);
    });
});

describe('brokenEmission', () => {
  it('should say what was thrown', () => {
    expect(brokenEmission('Error: no')).to.deep.equal({
      code: 'EMISSION_INVALID',
      severity: 'error',
      path: 'scope',
      message: 'the emission failed with Error: no',
    });
  });
});
