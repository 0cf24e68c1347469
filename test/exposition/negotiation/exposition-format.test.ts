import { expect } from 'chai';
import {
  TEXT_FORMAT,
  UTF8_TEXT_FORMAT,
  openMetricsFormat,
  protobufFormat,
} from '../../../lib/exposition/negotiation/exposition-format.js';

describe('formats', () => {
  it('should declare what they are', () => {
    const formats = [
      TEXT_FORMAT,
      UTF8_TEXT_FORMAT,
      openMetricsFormat('1.0.0', false, false),
      openMetricsFormat('0.0.1', true, true),
      protobufFormat(false),
      protobufFormat(true),
    ];
    const protobuf =
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
    expect(formats.map(({ contentType }) => contentType)).to.deep.equal([
      'text/plain; version=0.0.4; charset=utf-8',
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=allow-utf-8',
      protobuf,
      `${protobuf}; escaping=allow-utf-8`,
    ]);
    for (const { utf8Names, contentType } of formats)
      expect(contentType.includes('allow-utf-8'), contentType).to.equal(utf8Names);
  });

  it('should tell since when in protobuf always, and in no text of Prometheus', () => {
    const formats = [
      TEXT_FORMAT,
      UTF8_TEXT_FORMAT,
      protobufFormat(false),
      openMetricsFormat('1.0.0', false, true),
    ];
    expect(formats.map(({ kind, created }) => `${kind} ${created}`)).to.deep.equal([
      'text false',
      'text false',
      'protobuf true',
      'openmetrics true',
    ]);
  });
});
