import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeInstalledExporter } from '../../lib/collector/installed-exporter.js';
import { findExporter, findOtlpExporter, OTLP_PROTOCOLS } from '../../lib/register/exporter-packages.js';

describe('findOtlpExporter', () => {
  const packages = { 'http/protobuf': 'proto', grpc: 'grpc', 'http/json': 'http' };
  for (const protocol of OTLP_PROTOCOLS) {
    const name = `@opentelemetry/exporter-metrics-otlp-${packages[protocol]}`;

    it(`should give the exporter of ${name} for ${protocol}`, async () => {
      const found = findOtlpExporter(protocol);
      expect(fileURLToPath(found.address)).to.contain(`/node_modules/${name}/`);
      const exporter = (await makeInstalledExporter(found)) as { shutdown(): Promise<void> };
      await exporter.shutdown();
    });

    it(`should say that ${name} is missing`, () => {
      expect(() => findOtlpExporter(protocol, () => undefined)).to.throw(
        `it needs a package: npm install ${name}`,
      );
    });
  }
});

describe('findExporter', () => {
  it('should say which package is missing', () => {
    expect(() => findExporter('@nobody/nothing', 'Exporter')).to.throw('npm install @nobody/nothing');
  });
});
