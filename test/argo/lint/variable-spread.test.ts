import { expect } from 'chai';
import fc from 'fast-check';
import { spreadOfVariable } from '../../../lib/argo/lint/variable-spread.js';
import { fixed } from '../../../lib/argo/lint/value-spread.js';
import { addTimeVariables } from '../../../lib/argo/variables/time-variables.js';
import { variableNames } from '../../../lib/argo/variables/argo-variables.js';

const NOWHERE = (): undefined => undefined;

describe('spreadOfVariable', () => {
  it('should take what the place knows before the table', () => {
    expect(spreadOfVariable('workflow.name', () => fixed(2))).to.deep.equal(fixed(2));
    expect(spreadOfVariable('workflow.name', NOWHERE).kind).to.equal('perRun');
  });

  it('should name the variable, whichever it is', () => {
    for (const name of variableNames()) {
      const spread = spreadOfVariable(name, NOWHERE);
      expect(spread.kind === 'fixed' ? spread.sources : [spread.source]).to.deep.equal([name]);
    }
  });

  it('should count no part of a creation time too low', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 4_000_000_000 }), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(moments, seconds => {
        const seen = new Map<string, Set<string>>();
        for (const second of seconds) {
          const variables: Record<string, string> = {};
          addTimeVariables(variables, 'workflow.creationTimestamp', second * 1000);
          for (const [name, text] of Object.entries(variables))
            seen.set(name, (seen.get(name) ?? new Set()).add(text));
        }
        for (const [name, texts] of seen) {
          const spread = spreadOfVariable(name, NOWHERE);
          if (spread.kind === 'fixed') expect(texts.size, name).to.be.at.most(spread.count);
        }
      }),
      { numRuns: 20 },
    );
  });
});
