import { expect } from 'chai';
import { natureOfBinary } from '../../../../lib/argo/expression/checker/binary-nature.js';
import {
  BOOL,
  DURATION,
  FLOAT,
  INT,
  NIL,
  TEXT,
  TIME,
  UNKNOWN,
} from '../../../../lib/argo/go/value/nature.js';

describe('natureOfBinary', () => {
  it('should know what comes out of operands that go together', () => {
    expect(natureOfBinary('+', INT, FLOAT)).to.equal(FLOAT);
    expect(natureOfBinary('+', INT, INT)).to.equal(INT);
    expect(natureOfBinary('/', INT, INT)).to.equal(FLOAT);
    expect(natureOfBinary('-', TIME, TIME)).to.equal(DURATION);
    expect(natureOfBinary('*', UNKNOWN, INT)).to.equal(UNKNOWN);
    expect(natureOfBinary('==', TEXT, NIL)).to.equal(BOOL);
    expect(natureOfBinary('??', NIL, TEXT)).to.equal(TEXT);
  });

  it('should have none for operands that do not go together', () => {
    expect(natureOfBinary('+', INT, TEXT)).to.equal(undefined);
    expect(natureOfBinary('%', INT, FLOAT)).to.equal(undefined);
    expect(natureOfBinary('and', BOOL, TEXT)).to.equal(undefined);
    expect(natureOfBinary('<', TIME, DURATION)).to.equal(undefined);
  });
});
