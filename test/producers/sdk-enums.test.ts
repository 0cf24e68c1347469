import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { CUMULATIVE, DATA_POINT_TYPE, DELTA } from '../../lib/producers/sdk-enums.js';

describe('values of the SDK enums', () => {
  it('should be those of the installed SDK', () => {
    expect({ DELTA, CUMULATIVE }).to.deep.equal({
      DELTA: AggregationTemporality.DELTA,
      CUMULATIVE: AggregationTemporality.CUMULATIVE,
    });
    const { HISTOGRAM, EXPONENTIAL_HISTOGRAM, GAUGE, SUM } = DataPointType;
    expect(DATA_POINT_TYPE).to.deep.equal({ HISTOGRAM, EXPONENTIAL_HISTOGRAM, GAUGE, SUM });
  });
});
