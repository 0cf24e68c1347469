// The exporters of OpenTelemetry that the application has installed.
import { pathToFileURL } from 'node:url';
import type { InstalledExporter } from '../collector/installed-exporter.js';
import { findInstalled } from './installed-package.js';

/** As OpenTelemetry's variables name them. */
export const OTLP_PROTOCOLS = ['http/protobuf', 'grpc', 'http/json'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

const OTLP = '@opentelemetry/exporter-metrics-otlp-';
const OTLP_PACKAGES: Readonly<Record<OtlpProtocol, string>> = {
  'http/protobuf': `${OTLP}proto`,
  grpc: `${OTLP}grpc`,
  'http/json': `${OTLP}http`,
};

/** @throws Error when its package is not installed */
export function findOtlpExporter(protocol: OtlpProtocol, find = findInstalled): InstalledExporter {
  return findExporter(OTLP_PACKAGES[protocol], 'OTLPMetricExporter', find);
}

/** @throws Error when the package is not installed */
export function findExporter(
  packageName: string,
  className: string,
  find = findInstalled,
): InstalledExporter {
  const path = find(packageName);
  if (path === undefined) throw new Error(`it needs a package: npm install ${packageName}`);
  return { address: pathToFileURL(path).href, className };
}
