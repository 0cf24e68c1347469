import { expect } from 'chai';
import { GoTime } from '../../../../lib/argo/go/time/go-time.js';
import { strftime } from '../../../../lib/argo/go/time/strftime.js';
import { addTimeVariables } from '../../../../lib/argo/variables/time-variables.js';

const MILLIS = Date.UTC(2026, 2, 4, 15, 6, 7, 89);
const TIME = GoTime.ofUnixMillis(MILLIS);

describe('strftime', () => {
  it('should write what the variables of a time have', () => {
    const variables: Record<string, string> = {};
    addTimeVariables(variables, 'time', MILLIS);
    for (const letter of 'BbmAadHIMSYypZzL')
      expect(strftime(`%${letter}`, TIME), letter).to.equal(variables[`time.${letter}`]);
  });

  it('should begin milliseconds with the dot, and keep verbs that it does not know', () => {
    expect(strftime('%H:%M:%S%L %% %Q %', TIME)).to.equal('15:06:07.089 % %Q %');
  });
});
