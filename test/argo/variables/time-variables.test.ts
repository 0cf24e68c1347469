import { expect } from 'chai';
import { addTimeVariables } from '../../../lib/argo/variables/time-variables.js';

describe('addTimeVariables', () => {
  it('should offer a time as Argo does', () => {
    const variables: Record<string, string> = {};
    addTimeVariables(variables, 't', Date.parse('2026-03-04T15:06:07Z'));
    expect(variables).to.include({
      t: '2026-03-04T15:06:07Z',
      't.RFC3339': '2026-03-04T15:06:07Z',
      't.s': '1772636767',
      't.Y': '2026',
      't.B': 'March',
      't.b': 'Mar',
      't.a': 'Wed',
      't.I': '03',
      't.p': 'PM',
      't.L': '.000',
    });
  });

  it('should show midnight as twelve', () => {
    const variables: Record<string, string> = {};
    addTimeVariables(variables, 't', 0);
    expect(variables).to.include({ 't.I': '12', 't.p': 'AM', 't.H': '00' });
  });
});
