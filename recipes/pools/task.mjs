// A task of a pool of threads: knows only OpenTelemetry's API.
import { metrics } from '@opentelemetry/api';

const tasks = metrics.getMeter('app').createCounter('tasks', { description: 'Tasks that were done' });

export default ({ pool }) => tasks.add(1, { pool });
